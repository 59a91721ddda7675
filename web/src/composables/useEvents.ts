import { onScopeDispose, ref, watch } from 'vue'
import { useClock } from '@/stores/clock'
import { useNews } from '@/stores/news'
import { useSession } from '@/stores/session'

/** Listens to the server's events while somebody is logged in: whatever changed makes the pages ask again. */
export function useEvents() {
  const clock = useClock()
  const news = useNews()
  const session = useSession()
  const connected = ref(true)
  let source: EventSource | undefined

  function listen() {
    const stream = new EventSource('/api/v1/events')
    const refresh = () => void clock.refresh()
    stream.addEventListener('clock', refresh)
    stream.addEventListener('run', refresh)
    stream.addEventListener('matter', () => (news.matters += 1))
    stream.addEventListener('consultation', () => (news.rooms += 1))
    stream.addEventListener('warning', () => (news.warnings += 1))
    stream.addEventListener('notice', () => void news.heard())
    stream.addEventListener('open', () => {
      // After a break, what was missed is asked for.
      if (!connected.value) catchUp()
      connected.value = true
    })
    stream.addEventListener('error', () => {
      connected.value = false
      // The browser tries again by itself, unless the server refused: then the session may have ended.
      if (stream.readyState === EventSource.CLOSED) void session.refresh()
    })
    source = stream
  }

  function catchUp() {
    void clock.refresh()
    news.matters += 1
    news.rooms += 1
    news.warnings += 1
    void news.heard()
  }

  function stop() {
    source?.close()
    source = undefined
  }

  watch(
    () => session.me !== null && !session.ended,
    (present) => {
      stop()
      if (!present) return
      void clock.refresh()
      void news.heard()
      listen()
    },
    { immediate: true },
  )
  onScopeDispose(stop)
  return { connected }
}
