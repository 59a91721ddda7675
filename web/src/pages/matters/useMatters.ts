import { computed, watch } from 'vue'
import { mattersApi } from '@/api/matters'
import { useList } from '@/composables/useList'
import { useQueryValue } from '@/composables/useQueryValue'
import { useNews } from '@/stores/news'

/** All matters in sight, narrowed by what stands in the address. */
export function useMatters() {
  const news = useNews()
  const q = useQueryValue('q', '')
  const state = useQueryValue('state', '')
  const sort = useQueryValue('sort', 'due')
  const dueBefore = useQueryValue('due_before', '')
  const filter = computed(() => ({
    q: q.value.trim(),
    state: state.value,
    sort: sort.value,
    due_before: dueBefore.value,
  }))
  const narrowed = computed(() => Boolean(filter.value.q || filter.value.state || filter.value.due_before))
  const list = useList((cursor) => mattersApi.list(filter.value, cursor), [filter])
  watch(
    () => news.matters,
    () => list.news(),
  )

  function clear() {
    q.value = ''
    state.value = ''
    dueBefore.value = ''
  }
  return { q, state, sort, dueBefore, filter, narrowed, list, clear }
}
