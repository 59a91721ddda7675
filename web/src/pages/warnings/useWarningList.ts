import { computed, shallowRef, watch } from 'vue'
import { api } from '@/api'
import { warningsApi, type WarningPage } from '@/api/warnings'
import { useList } from '@/composables/useList'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'
import { useNews } from '@/stores/news'
import { byUrgency } from './warningWords'

/** The warnings in sight and the newest proposal; what narrows the list lives in the address. */
export function useWarningList() {
  const news = useNews()
  const clock = useClock()
  const state = useQueryValue('state', '')
  const city = useQueryValue('city', '')
  const exercise = useQueryValue('exercise', '')
  const mine = useQueryValue('mine', '')
  const filter = computed(() => ({
    state: state.value,
    city: city.value,
    exercise: exercise.value,
    mine: mine.value,
  }))
  const narrowed = computed(() => Object.values(filter.value).some(Boolean))
  /** Whether the reader may propose, and why not; told with each page of the list. */
  const may = shallowRef<Pick<WarningPage, 'can_propose' | 'why_not' | 'why_not_en' | 'stamp'> | null>(null)

  async function load(cursor: string | undefined) {
    const answer = await warningsApi.list(filter.value, cursor)
    if (answer.kind === 'ready') may.value = answer.data
    return answer
  }
  const list = useList(load, [filter, () => clock.edition])
  const rows = computed(() => byUrgency(list.items))
  const proposal = useResource(warningsApi.proposal, [() => clock.edition, () => news.warnings])
  const places = useResource(api.cities, [])
  const cities = computed(() => (places.data.value?.rows ?? []).filter((one) => one.in_province))
  watch(
    () => news.warnings,
    () => list.news(),
  )
  function clear() {
    for (const value of [state, city, exercise, mine]) value.value = ''
  }
  return { state, city, exercise, mine, filter, narrowed, list, rows, may, proposal, cities, clear }
}
