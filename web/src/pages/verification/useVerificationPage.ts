import { computed, watch } from 'vue'
import { forecastsApi, type VerificationFilter } from '@/api/forecasts'
import type { EventScores, ScoreGroup } from '@/api/types'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useToday } from '@/composables/useToday'
import { useClock } from '@/stores/clock'
import { addHours } from '@/time'

export const BY = ['lead', 'city', 'level', 'season', 'month', 'model', 'forecaster', 'conclusion'] as const
export const OF = ['runs', 'conclusions', 'bids'] as const
export const WHAT = ['AQI', 'PM2_5', 'PM10', 'O3_8h', 'NO2', 'SO2', 'CO'] as const
export const BOUNDS = [150, 200] as const

const USUAL_BY: Record<string, string> = { runs: 'lead', conclusions: 'conclusion', bids: 'forecaster' }

/** How good forecasts were, narrowed by what stands in the address. */
export function useVerificationPage() {
  const clock = useClock()
  const today = useToday()
  const from = useQueryValue('from', '')
  const to = useQueryValue('to', '')
  const by = useQueryValue('by', 'lead')
  const of = useQueryValue('of', 'runs')
  const pollutant = useQueryValue('pollutant', 'PM2_5')
  const lead = useQueryValue('lead', '')
  const groupText = useQueryValue('group', '')
  const boundText = useQueryValue('bound', '150')
  const monthText = useQueryValue('month', '')

  // People speak of the AQI, and each source has a grouping of its own to begin with.
  watch(of, (next) => {
    by.value = USUAL_BY[next] ?? 'lead'
    if (next !== 'runs') pollutant.value = 'AQI'
  })

  const filter = computed<VerificationFilter>(() => ({
    from: from.value,
    to: to.value,
    by: by.value,
    of: of.value,
    pollutant: pollutant.value,
    lead: lead.value,
  }))
  const scores = useResource(() => forecastsApi.verification(filter.value), [filter, () => clock.edition])
  const month = computed({
    get: () => monthText.value || lastMonth(today.value),
    set: (next) => (monthText.value = next),
  })
  // Before the clock is known, "last month" would be that of the wall, which a replay has not reached.
  const known = computed(() => clock.asOf !== null || monthText.value !== '')
  const cards = useResource(
    () => (known.value ? forecastsApi.scorecards(month.value) : null),
    [month, known, () => clock.edition],
  )

  const group = computed(() => chosenGroup(scores.data.value?.groups ?? [], groupText.value))
  const bound = computed({
    get: () => Number(boundText.value),
    set: (next) => (boundText.value = String(next)),
  })
  const event = computed(() => eventOf(group.value, bound.value))
  const choose = (key: string) => (groupText.value = key)

  return { from, to, by, of, pollutant, lead, scores, month, cards, group, bound, event, choose }
}

/** The group whose diagrams are shown: the one asked for, or the first with cases. */
export function chosenGroup(groups: readonly ScoreGroup[], key: string): ScoreGroup | null {
  return groups.find((one) => one.key === key) ?? groups.find((one) => one.cases > 0) ?? groups[0] ?? null
}

export function eventOf(group: ScoreGroup | null, bound: number): EventScores | null {
  return group?.events.find((one) => one.bound === bound) ?? null
}

/** Between five quantiles an observation falls with these chances when the spread is right. */
export const EXPECTED_RANKS = [0.05, 0.2, 0.25, 0.25, 0.2, 0.05]

/** Shares of the ranks; null where there is nothing to share out. */
export function rankShares(given: readonly (number | null)[] | null): number[] | null {
  const counts = (given ?? []).map((one) => one ?? 0)
  const all = counts.reduce((sum, count) => sum + count, 0)
  return all > 0 ? counts.map((count) => count / all) : null
}

/** The month of the last day that is over on a day. */
export function lastMonth(today: string): string {
  return addHours(`${today.slice(0, 10)}T00:00:00+08:00`, -24).slice(0, 7)
}
