import { computed } from 'vue'
import { forecastsApi } from '@/api/forecasts'
import type { Analogs, ForecastEpisode } from '@/api/types'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'

/** Episodes ahead and behind, and the analogs of the run; run and city live in the address. */
export function useEpisodesPage() {
  const clock = useClock()
  const issue = useQueryValue('issue', '')
  const cityText = useQueryValue('city', '')
  const episodes = useResource(() => forecastsApi.episodes(issue.value), [issue, () => clock.edition])
  const analogs = useResource(() => forecastsApi.analogs(issue.value), [issue, () => clock.edition])
  const ahead = computed(() => likeliestFirst(episodes.data.value?.forecast ?? []))
  const city = computed({
    get: () => cityText.value || firstCity(ahead.value, analogs.data.value),
    set: (next) => (cityText.value = next),
  })
  return { episodes, analogs, ahead, city }
}

/** The region before its cities, then by probability; what is not known comes last. */
export function likeliestFirst(episodes: readonly ForecastEpisode[]): ForecastEpisode[] {
  const region = (one: ForecastEpisode) => (one.scope === 'region' ? 1 : 0)
  return [...episodes].sort(
    (one, other) => region(other) - region(one) || (other.probability ?? -1) - (one.probability ?? -1),
  )
}

/** The curves shown first: of the likeliest city that the analogs know. */
export function firstCity(ahead: readonly ForecastEpisode[], analogs: Analogs | null): string {
  const known = Object.keys(analogs?.items[0]?.after ?? {})
  return ahead.find((one) => one.code !== null && known.includes(one.code))?.code ?? known[0] ?? ''
}
