import { effectScope, nextTick, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Outcome, Page } from '@/api'
import { useList } from './useList'

const page = (items: number[], next: string | null): Outcome<Page<number>> => ({
  kind: 'ready',
  data: { items, total: 5, next },
})
/** Each answer is a new one, as from a server. */
const PAGES: Record<string, () => Outcome<Page<number>>> = {
  '': () => page([1, 2], 'a'),
  a: () => page([3, 4], 'b'),
  b: () => page([5], null),
}
const settle = () => new Promise((done) => setTimeout(done))

function listed(load = (cursor?: string) => Promise.resolve(PAGES[cursor ?? '']!()), filter = ref('')) {
  return effectScope().run(() => useList(load, [filter]))!
}

describe('a list', () => {
  it('grows page by page and counts all pages', async () => {
    const list = listed()
    await settle()
    expect([list.items, list.total, list.state]).toEqual([[1, 2], 5, 'ready'])
    await list.more()
    await list.more()
    await list.more()
    expect([list.items, list.next]).toEqual([[1, 2, 3, 4, 5], null])
  })

  it('says that there is news instead of throwing the reader back to the top', async () => {
    const list = listed()
    await settle()
    await list.more()
    list.news()
    expect([list.stale, list.items.length]).toEqual([true, 4])
    await list.refresh()
    await nextTick()
    expect([list.stale, list.items]).toEqual([false, [1, 2]])
  })

  it('drops a page that was overtaken by another question', async () => {
    const filter = ref('')
    const list = listed(undefined, filter)
    await settle()
    const late = list.more()
    filter.value = 'other'
    await late
    await settle()
    expect(list.items).toEqual([1, 2])
  })

  it('keeps what it has when a later page fails', async () => {
    const list = listed((cursor) => (cursor ? Promise.reject(new TypeError('no line')) : Promise.resolve(PAGES['']!())))
    await settle()
    await list.more()
    expect([list.items, list.next, list.problem?.offline]).toEqual([[1, 2], 'a', true])
  })
})
