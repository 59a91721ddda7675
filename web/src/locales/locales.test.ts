import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const here = dirname(fileURLToPath(import.meta.url))
const files = (language: string) => readdirSync(join(here, language)).filter((name) => name.endsWith('.json'))
const read = (language: string, file: string) => JSON.parse(readFileSync(join(here, language, file), 'utf8')) as object

function texts(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : texts(value, `${path}${key}.`),
  )
}

const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()

describe('the two languages', () => {
  it('have the same files', () => expect(files('en')).toEqual(files('zh-CN')))

  it.each(files('zh-CN'))('say the same things in %s, with the same slots and no empty text', (file) => {
    const chinese = new Map(texts(read('zh-CN', file)))
    const english = new Map(texts(read('en', file)))
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe('')
      expect(english.get(key)?.trim(), key).not.toBe('')
      expect(slots(english.get(key) ?? ''), key).toEqual(slots(text))
    }
  })

  it('use no exclamation marks', () => {
    const all = ['zh-CN', 'en'].flatMap((language) => files(language).flatMap((file) => texts(read(language, file))))
    expect(all.filter(([, text]) => /[!！]/.test(text))).toEqual([])
  })

  it('hold every key that the pages ask for', () => {
    const known = new Set(
      files('zh-CN').flatMap((file) => texts(read('zh-CN', file), `${file.replace('.json', '')}.`).map(([key]) => key)),
    )
    const root = join(here, '..')
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.(vue|ts)$/.test(name) && !name.includes('.test.'),
    )
    const asked = sources.flatMap((name) => [
      ...readFileSync(join(root, name), 'utf8').matchAll(/(?:\bt\(|help: |title: |word: )'([a-z_]+(?:\.\w+)+)'/g),
    ])
    expect(asked.length).toBeGreaterThan(100)
    expect(asked.map((found) => found[1] ?? '').filter((key) => !known.has(key))).toEqual([])
  })
})
