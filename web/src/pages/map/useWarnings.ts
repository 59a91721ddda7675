import { api } from '@/api'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'

/** What the warning plan in force would propose on the run of the as-of moment. */
export function useWarnings() {
  const clock = useClock()
  return useResource(api.proposal, [() => clock.edition])
}
