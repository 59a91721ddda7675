import { computed, reactive, ref, shallowRef, watch, type WatchSource } from 'vue'
import type { Outcome, Page } from '@/api'
import { asProblem, type Problem } from '@/api/problem'
import { useResource } from './useResource'

/** A list as a page shows it. */
export interface List<T> {
  readonly items: T[]
  /** On all pages; null while it is not known. */
  readonly total: number | null
  readonly state: 'loading' | 'pending' | 'failed' | 'empty' | 'ready'
  readonly problem: Problem | null
  /** There is news, but the reader has gone further down and is not thrown back. */
  readonly stale: boolean
  readonly busy: boolean
  readonly next: string | null
  /** Shows the next page too. */
  more: () => Promise<void>
  /** Something has changed on the server. */
  news: () => void
  refresh: () => Promise<void>
}

/** A list that is shown page after page, one below the other. */
export function useList<T>(
  load: (cursor: string | undefined) => Promise<Outcome<Page<T>>> | null,
  sources: WatchSource[],
): List<T> {
  const first = useResource(() => load(undefined), sources)
  const later = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const busy = ref(false)
  const moreProblem = shallowRef<Problem | null>(null)
  const stale = ref(false)

  watch(first.data, (page) => {
    later.value = []
    stale.value = false
    next.value = page?.next ?? null
  })

  async function more() {
    const cursor = next.value
    const request = cursor && !busy.value ? load(cursor) : null
    if (!request) return
    const begun = first.data.value
    busy.value = true
    moreProblem.value = null
    try {
      const answer = await request
      if (answer.kind === 'ready' && first.data.value === begun) {
        later.value = [...later.value, ...answer.data.items]
        next.value = answer.data.next
      }
    } catch (cause) {
      moreProblem.value = asProblem(cause)
    } finally {
      busy.value = false
    }
  }

  function news() {
    if (later.value.length === 0) void first.refresh()
    else stale.value = true
  }

  const items = computed(() => [...(first.data.value?.items ?? []), ...later.value])
  const total = computed(() => first.data.value?.total ?? null)
  const state = computed(() =>
    first.state.value === 'ready' && items.value.length === 0 ? 'empty' : first.state.value,
  )
  const problem = computed(() => first.problem.value ?? moreProblem.value)
  return reactive({ items, total, state, problem, stale, busy, next, more, news, refresh: first.refresh }) as List<T>
}
