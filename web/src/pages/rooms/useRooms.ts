import { computed, watch } from 'vue'
import { consultApi } from '@/api/consult'
import { useList } from '@/composables/useList'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'
import { useNews } from '@/stores/news'

/** All consultations in sight, newest first, and how often they are due; what narrows them lives in the address. */
export function useRooms() {
  const news = useNews()
  const clock = useClock()
  const state = useQueryValue('state', '')
  const kind = useQueryValue('kind', '')
  const filter = computed(() => ({ state: state.value, kind: kind.value }))
  const narrowed = computed(() => Boolean(state.value || kind.value))
  const list = useList((cursor) => consultApi.list(filter.value, cursor), [filter])
  const tempo = useResource(consultApi.tempo, [() => clock.edition])
  watch(
    () => news.rooms,
    () => list.news(),
  )
  function clear() {
    state.value = ''
    kind.value = ''
  }
  return { state, kind, narrowed, list, tempo, clear }
}
