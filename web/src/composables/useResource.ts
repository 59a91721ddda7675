import { computed, onScopeDispose, ref, shallowRef, watch, type WatchSource } from 'vue'
import type { Outcome } from '@/api'
import { asProblem, type Problem } from '@/api/problem'

const POLL_MS = 3000

/**
 * Loads figures, and again whenever one of `sources` changes.
 *
 * Keeps the last good data beside a later problem; asks again by itself while the server is still working (202).
 */
export function useResource<T>(load: () => Promise<Outcome<T>> | null, sources: WatchSource[]) {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const pending = ref(false)
  const loading = ref(true)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function refresh() {
    clearTimeout(timer)
    const mine = ++turn
    const request = load()
    if (!request) return
    loading.value = true
    try {
      settle(mine, await request, null)
    } catch (cause) {
      settle(mine, null, asProblem(cause))
    }
  }

  /** An answer that was overtaken by a later question is dropped. */
  function settle(mine: number, answer: Outcome<T> | null, failure: Problem | null) {
    if (mine !== turn) return
    loading.value = false
    problem.value = failure
    pending.value = answer?.kind === 'pending'
    if (answer?.kind === 'ready') data.value = answer.data
    if (pending.value) {
      data.value = null
      timer = setTimeout(() => void refresh(), POLL_MS)
    }
  }

  watch(sources, () => void refresh(), { immediate: true })
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
  })

  const state = computed(() => {
    if (pending.value) return 'pending'
    if (data.value !== null) return 'ready'
    return problem.value ? 'failed' : 'loading'
  })
  return { data, problem, pending, loading, state, refresh }
}
