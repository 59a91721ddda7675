import { describe, expect, it } from 'vitest'
import { changes, named, valueText } from './changes'

describe('what changed', () => {
  it('is every field that differs, with null where there was none', () =>
    expect(changes({ title: '一', due: '2018-01-20', same: [1] }, { title: '二', same: [1], text: 'x' })).toEqual([
      { field: 'title', before: '一', after: '二' },
      { field: 'due', before: '2018-01-20', after: null },
      { field: 'text', before: null, after: 'x' },
    ]))

  it('can be asked of some fields only', () =>
    expect(changes({ a: 1, version: 1 }, { a: 2, version: 2 }, ['a'])).toEqual([{ field: 'a', before: 1, after: 2 }]))

  it('is nothing for a missing field that is null now', () => expect(changes({}, { due: null })).toEqual([]))
})

describe('ids', () => {
  it('are replaced by names where there are some, in lists too', () => {
    const names = new Map([['320100', '南京市生态环境局']])
    expect(named(['320100', '320300'], names)).toEqual(['南京市生态环境局', '320300'])
    expect(named(null, names)).toBeNull()
  })
})

describe('a value in a line', () => {
  it('names things, joins lists and marks what is not there', () => {
    expect(valueText([{ id: 'xz', name: '徐州市局' }, 'nj'])).toBe('徐州市局、nj')
    expect(valueText(null)).toBe('—')
    expect(valueText([])).toBe('—')
    expect(valueText(false)).toBe('false')
    expect(valueText({ lon: 1 })).toBe('{"lon":1}')
  })
})
