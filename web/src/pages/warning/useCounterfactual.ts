import { computed, onScopeDispose, ref, watch } from 'vue'
import { warningsApi } from '@/api/warnings'
import type { BasisView, WarningDetail } from '@/api/warningTypes'
import { useResource } from '@/composables/useResource'
import { addHours, hoursBetween } from '@/time'

const SETTLED_AFTER_MS = 200

/** The hours at which a lift can be thought of: from the hour shown to the last one that the forecast knows. */
export function liftHours(basis: BasisView, now: string | null): { from: string; count: number } {
  const issue = basis.run.issue_time
  const from = now && Date.parse(now) > Date.parse(issue) ? `${now.slice(0, 13)}:00:00+08:00` : issue
  const ends = basis.cities.flatMap((city) => city.course.at(-1)?.hour ?? [])
  const last = ends.reduce((one, other) => (Date.parse(one) >= Date.parse(other) ? one : other), from)
  return { from, count: Math.max(0, hoursBetween(from, last)) }
}

/** "If lifted at": the moment of the slider and what the members say of it. */
export function useCounterfactual(warning: () => WarningDetail, basis: () => BasisView, now: () => string | null) {
  const hours = computed(() => liftHours(basis(), now()))
  const chosen = ref<number | null>(null)
  /** To begin with, the end that holds. */
  const usual = computed(() => {
    const end = warning().terms?.end
    const ahead = end ? hoursBetween(hours.value.from, end) : Math.round(hours.value.count / 2)
    return Math.min(hours.value.count, Math.max(0, ahead))
  })
  const offset = computed({
    get: () => Math.min(chosen.value ?? usual.value, hours.value.count),
    set: (next) => (chosen.value = next),
  })
  const at = computed(() => addHours(hours.value.from, offset.value))
  /** What is asked for: not every hour that the slider passes. */
  const asked = ref(at.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(at, (next) => {
    clearTimeout(timer)
    timer = setTimeout(() => (asked.value = next), SETTLED_AFTER_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
  const answer = useResource(
    () => warningsApi.counterfactual(warning().id, asked.value),
    [asked, () => warning().version],
  )
  return { hours, offset, at, answer }
}
