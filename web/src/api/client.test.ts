import { afterEach, describe, expect, it, vi } from 'vitest'
import { address, csrfToken, onRefusal, read, send } from './client'
import type { Problem } from './problem'

function answer(status: number, body: string) {
  const asked: Request[] = []
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request)
    return Promise.resolve(new Response(status === 204 ? null : body, { status }))
  })
  return asked
}

afterEach(() => {
  vi.unstubAllGlobals()
  document.cookie = 'qk_csrf=; expires=Thu, 01 Jan 1970 00:00:00 GMT'
})

describe('the address', () => {
  it('leaves out what was not asked, and escapes the rest', () =>
    expect(address('/matters', { q: '扬尘 & 噪声', state: '', limit: 50, owner: undefined, active: false })).toBe(
      '/api/v1/matters?q=%E6%89%AC%E5%B0%98+%26+%E5%99%AA%E5%A3%B0&limit=50&active=false',
    ))
})

describe('the proof of the own page', () => {
  it('is the value of the readable cookie, wherever it stands', () => {
    expect(csrfToken('a=1; qk_csrf=abc; b=2')).toBe('abc')
    expect(csrfToken('qk_csrf=abc')).toBe('abc')
    expect(csrfToken('not_qk_csrf=abc')).toBe('')
  })

  it('goes with changes and not with questions', async () => {
    const asked = answer(200, '{}')
    document.cookie = 'qk_csrf=proof'
    await send('POST', '/matters', { body: { title: 'x' }, key: 'k', version: 7 })
    await read('/matters')
    expect(asked[0]?.headers.get('X-CSRF-Token')).toBe('proof')
    expect(asked[0]?.headers.get('Idempotency-Key')).toBe('k')
    expect(asked[0]?.headers.get('If-Match')).toBe('"7"')
    expect(asked[1]?.headers.get('X-CSRF-Token')).toBeNull()
  })
})

describe('answers', () => {
  it('are nothing for 204 and pending for 202', async () => {
    answer(204, '')
    expect(await send('DELETE', '/session')).toBeNull()
    answer(202, '{}')
    expect(await read('/situation')).toEqual({ kind: 'pending' })
  })

  it('are thrown as problems and made known, even when a gateway answers in HTML', async () => {
    const heard: Problem[] = []
    onRefusal((problem) => heard.push(problem))
    answer(401, '{"code":"A-301","title":"请登录","title_en":"log in"}')
    await expect(read('/session')).rejects.toMatchObject({ body: { code: 'A-301' } })
    answer(502, '<html>')
    await expect(send('POST', '/matters')).rejects.toMatchObject({ body: { code: 'HTTP-502' } })
    expect(heard.map((problem) => problem.body.code)).toEqual(['A-301', 'HTTP-502'])
  })
})
