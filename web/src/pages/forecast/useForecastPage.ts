import { computed } from 'vue'
import { forecastsApi } from '@/api/forecasts'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'
import { MEASURES, worstCity, type Measure } from './measures'

/** One run of the forecast; run, measure, city, day and map live in the address. */
export function useForecastPage() {
  const clock = useClock()
  const issue = useQueryValue('issue', '')
  const measureText = useQueryValue('p', 'aqi')
  const cityText = useQueryValue('city', '')
  const dayText = useQueryValue('day', '')
  const mapText = useQueryValue('map', '')

  const table = useResource(() => forecastsApi.table(issue.value), [issue, () => clock.edition])
  const changes = useResource(() => forecastsApi.changes(issue.value), [issue, () => clock.edition])

  const measure = computed<Measure>({
    get: () => MEASURES.find((one) => one === measureText.value) ?? 'aqi',
    set: (next) => (measureText.value = next),
  })
  const city = computed({
    get: () => cityText.value || worstCity(table.data.value?.cities ?? []),
    set: (next) => (cityText.value = next),
  })
  const day = computed({
    get: () => dayText.value || (table.data.value?.days[0] ?? ''),
    set: (next) => (dayText.value = next),
  })
  const map = computed({ get: () => mapText.value === 'on', set: (on) => (mapText.value = on ? 'on' : '') })
  const place = computed(() => table.data.value?.cities.find((row) => row.code === city.value) ?? null)
  /** The hourly fan belongs to the newest run only. */
  const newest = computed(() => {
    const run = table.data.value
    return run !== null && run.issues.length > 0 && run.issues[0] === run.issue_time
  })

  function moveCity(by: number) {
    const cities = table.data.value?.cities ?? []
    const index = cities.findIndex((row) => row.code === city.value)
    const next = cities[Math.max(0, Math.min(cities.length - 1, index + by))]
    if (next) city.value = next.code
  }
  function moveDay(by: number) {
    const days = table.data.value?.days ?? []
    const index = days.indexOf(day.value)
    day.value = days[Math.max(0, Math.min(days.length - 1, index + by))] ?? day.value
  }

  return { issue, table, changes, measure, city, day, map, place, newest, moveCity, moveDay }
}
