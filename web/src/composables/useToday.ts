import { computed } from 'vue'
import { useClock } from '@/stores/clock'
import { beijing } from '@/time'

/** The day on which the server stands: of the replay clock, or of the calendar while that is not known. */
export function useToday() {
  const clock = useClock()
  return computed(() => (clock.asOf ?? beijing(Date.now())).slice(0, 10))
}
