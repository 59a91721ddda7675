import { computed } from 'vue'
import { usePreferences } from '@/stores/preferences'
import { readTokens } from '@/tokens'

/** The colour tokens of the present theme and palette; read again when the look changes. */
export function useTokens() {
  const preferences = usePreferences()
  return computed(() => {
    void preferences.look
    return readTokens()
  })
}
