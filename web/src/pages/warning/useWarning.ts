import { computed, watch } from 'vue'
import { warningsApi } from '@/api/warnings'
import type { WarningLevelCode } from '@/api/warningTypes'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'
import { useNews } from '@/stores/news'

/** One warning, asked for again whenever it or the clock changes on the server. */
export function useWarning(id: () => string) {
  const news = useNews()
  const clock = useClock()
  const warning = useResource(() => warningsApi.one(id()), [id, () => clock.edition])
  watch(
    () => news.warnings,
    () => void warning.refresh(),
  )
  const data = warning.data
  /** The cities of the forecast, and those that documents name. */
  const cities = computed(() => {
    const now = data.value
    const forecast = (now?.basis.cities ?? []).map((one) => one.city)
    const named = [...(now?.issued ?? []).map((one) => one.draft), ...(now?.draft ? [now.draft] : [])]
    const all = [...forecast, ...named.flatMap((one) => one.city_names)]
    return [...new Map(all.map((city) => [city.code, city])).values()]
  })
  /** Of what holds, else of what is on its way, else of what was issued last. */
  const level = computed<WarningLevelCode | null>(() => {
    const now = data.value
    return (now?.terms ?? now?.draft?.terms ?? now?.issued.at(-1)?.draft.terms)?.level ?? null
  })
  const document = computed(() => data.value?.issued.at(-1)?.document ?? '')
  const over = computed(() => ['lifted', 'withdrawn', 'summarised'].includes(data.value?.state ?? ''))
  return { warning, data, cities, level, document, over, now: computed(() => clock.asOf) }
}
