import { onMounted, onUnmounted } from 'vue'
import { usePreferences } from '@/stores/preferences'

/** Paper is white: charts are drawn in the light theme while printing, and back again afterwards. */
export function usePrint() {
  const preferences = usePreferences()

  function before() {
    document.documentElement.classList.remove('dark')
    document.documentElement.classList.add('printing')
    preferences.look += 1
    window.dispatchEvent(new Event('qk:print'))
  }

  function after() {
    document.documentElement.classList.remove('printing')
    preferences.applyLook()
    window.dispatchEvent(new Event('qk:print'))
  }

  onMounted(() => {
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
  })
  onUnmounted(() => {
    window.removeEventListener('beforeprint', before)
    window.removeEventListener('afterprint', after)
  })
}
