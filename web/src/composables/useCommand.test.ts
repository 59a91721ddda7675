import { describe, expect, it } from 'vitest'
import { problemOf } from '@/api/problem'
import { useCommand } from './useCommand'

const fails = (status: number) => () => Promise.reject(problemOf(status, null))

describe('a command', () => {
  it('keeps its name while the outcome is unknown, and no longer', async () => {
    const { run } = useCommand()
    const names: string[] = []
    const noting = (then: () => Promise<unknown>) => (key: string) => {
      names.push(key)
      return then()
    }
    expect(
      await run(
        'a',
        noting(() => Promise.reject(new TypeError('no line'))),
      ),
    ).toBe(false)
    expect(await run('a', noting(fails(503)))).toBe(false)
    expect(await run('a', noting(fails(422)))).toBe(false)
    expect(
      await run(
        'a',
        noting(() => Promise.resolve()),
      ),
    ).toBe(true)
    expect(names[1]).toBe(names[0])
    expect(names[2]).toBe(names[0])
    expect(names[3]).not.toBe(names[0])
  })

  it('leaves its problem to be shown, and forgets it with the next try', async () => {
    const { run, problem } = useCommand()
    await run('a', fails(412))
    expect(problem.value?.stale).toBe(true)
    await run('a', () => Promise.resolve())
    expect(problem.value).toBeNull()
  })

  it('is not sent twice by a double click', async () => {
    const { run } = useCommand()
    let sent = 0
    const slow = () => new Promise<void>((done) => setTimeout(done)).then(() => void (sent += 1))
    expect(await Promise.all([run('a', slow), run('a', slow)])).toEqual([true, false])
    expect(sent).toBe(1)
  })
})
