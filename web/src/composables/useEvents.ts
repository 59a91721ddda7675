import { onScopeDispose, ref } from 'vue'
import { useClock } from '@/stores/clock'

/** Listens to the server's events: a moved clock or a finished run makes the pages ask again. */
export function useEvents() {
  const clock = useClock()
  const connected = ref(true)
  const source = new EventSource('/api/v1/events')
  const refresh = () => void clock.refresh()

  source.addEventListener('clock', refresh)
  source.addEventListener('run', refresh)
  source.addEventListener('open', () => {
    // After a break, what was missed is asked for.
    if (!connected.value) refresh()
    connected.value = true
  })
  source.addEventListener('error', () => (connected.value = false))
  onScopeDispose(() => source.close())
  return { connected }
}
