import { computed } from 'vue'
import { forecastsApi } from '@/api/forecasts'
import type { ForecastModel, ModelScore } from '@/api/types'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'

/** The register of trained models; the one that is looked at, and which of its scores, live in the address. */
export function useModelsPage() {
  const clock = useClock()
  const id = useQueryValue('id', '')
  const pollutant = useQueryValue('pollutant', '')
  const season = useQueryValue('season', '')
  const models = useResource(forecastsApi.models, [() => clock.edition])

  const items = computed(() => inUseFirst(models.data.value?.items ?? []))
  const model = computed(() => items.value.find((one) => one.id === id.value) ?? items.value[0] ?? null)
  const seasons = computed(() => distinct(model.value?.scores.map((one) => one.season) ?? []))
  const scores = computed(() => narrowed(model.value?.scores ?? [], pollutant.value, season.value))

  return { id, pollutant, season, models, items, model, seasons, scores }
}

/** What is in use stands first, then the newest training. */
export function inUseFirst(models: readonly ForecastModel[]): ForecastModel[] {
  return [...models].sort(
    (one, other) => Number(other.in_use) - Number(one.in_use) || other.trained_until.localeCompare(one.trained_until),
  )
}

export function narrowed(scores: readonly ModelScore[], pollutant: string, season: string): ModelScore[] {
  return scores.filter(
    (one) => (pollutant === '' || one.pollutant === pollutant) && (season === '' || one.season === season),
  )
}

export const distinct = (values: readonly string[]) => [...new Set(values)]
