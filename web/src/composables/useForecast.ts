import { computed } from 'vue'
import { api } from '@/api'
import { useClock } from '@/stores/clock'
import { useResource } from './useResource'

/** The forecast of a city and the class limits its curves are read against. */
export function useForecast(code: () => string) {
  const clock = useClock()
  const forecast = useResource(() => (code() ? api.forecast(code()) : null), [code, () => clock.edition])
  const standards = useResource(() => api.standards(), [() => clock.edition])

  const edges = computed(() => {
    const tables = standards.data.value
    const edition =
      tables?.aqi.find((table) => table.id === forecast.data.value?.standard) ??
      tables?.aqi.find((table) => table.in_force)
    const column = edition?.columns.find((one) => one.column === 'PM2_5_24h')
    return {
      aqi: (tables?.categories ?? []).map((category) => category.aqi_hi),
      // Two steps of the index lie inside the last class.
      pm25: upperEdges(edition?.levels ?? [], column?.breakpoints ?? []),
    }
  })
  /** Class bands that come later would mean drawing twice; a failure of theirs does not hold the fan back. */
  const edgesKnown = computed(() => standards.state.value !== 'loading')
  return { forecast, edges, edgesKnown }
}

const CLASS_LIMITS = [50, 100, 150, 200, 300, 500]

/** The concentration at each class limit. */
export function upperEdges(levels: number[], breakpoints: (number | null)[]): number[] {
  return CLASS_LIMITS.flatMap((limit) => breakpoints[levels.indexOf(limit)] ?? [])
}
