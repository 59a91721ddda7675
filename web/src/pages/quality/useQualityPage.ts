import { computed } from 'vue'
import { api } from '@/api'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'
import { addHours } from '@/time'

export const SPANS = { '7d': 7, '14d': 14, '30d': 30 } as const
export type Span = keyof typeof SPANS
export const TABS = ['outages', 'flags', 'imports'] as const

/** What arrived, what is missing, what was flagged or refused. */
export function useQualityPage() {
  const clock = useClock()
  const text = useQueryValue('range', '14d')
  const span = computed<Span>({
    get: () => (text.value in SPANS ? (text.value as Span) : '14d'),
    set: (next) => (text.value = next),
  })
  const query = computed(() =>
    clock.asOf ? { from: addHours(clock.asOf, -24 * SPANS[span.value]), to: clock.asOf } : null,
  )
  const quality = useResource(() => (query.value ? api.quality(query.value) : null), [query, () => clock.edition])
  const imports = useResource(api.imports, [])

  const pollutant = useQueryValue('p', 'PM2_5')
  const pollutants = computed(() => [...new Set((quality.data.value?.matrix ?? []).map((row) => row.pollutant))])
  const rows = computed(() => (quality.data.value?.matrix ?? []).filter((row) => row.pollutant === pollutant.value))
  const tab = useQueryValue('tab', TABS[0])
  return { quality, imports, span, pollutant, pollutants, rows, tab }
}
