import { computed } from 'vue'
import { api } from '@/api'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'
import { addHours } from '@/time'

export const RANGES = { '7d': 7, '30d': 30, '90d': 90, '365d': 365 } as const
export type Range = keyof typeof RANGES

/** One city over a range of days that ends with the as-of hour. */
export function useCityPage(code: () => string) {
  const clock = useClock()
  const text = useQueryValue('range', '30d')
  const range = computed<Range>({
    get: () => (text.value in RANGES ? (text.value as Range) : '30d'),
    set: (next) => (text.value = next),
  })
  const query = computed(() => {
    const to = clock.asOf
    return to ? { from: addHours(to, -24 * RANGES[range.value]), to } : null
  })
  const city = useResource(
    () => (query.value ? api.city(code(), query.value) : null),
    [code, query, () => clock.edition],
  )
  const list = useResource(api.cities, [])

  /** The city before or after this one, in the order of the list and around its ends. */
  function beside(by: number) {
    const rows = (list.data.value?.rows ?? []).filter((row) => row.in_province)
    const place = rows.findIndex((row) => row.code === code())
    return place < 0 ? undefined : rows[(place + by + rows.length) % rows.length]
  }
  const previous = computed(() => beside(-1))
  const next = computed(() => beside(1))
  const latest = computed(() => list.data.value?.rows.find((row) => row.code === code()) ?? null)

  return { city, range, query, previous, next, latest }
}
