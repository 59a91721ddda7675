import { computed, onScopeDispose, ref, watch } from 'vue'
import { api } from '@/api'
import { useResource } from '@/composables/useResource'

const SETTLE_MS = 250

/** Station values of the hour looked at; while the hours run by, nothing is asked. */
export function useStations(hour: () => string | null, wanted: () => boolean) {
  const settled = ref<string | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    () => (wanted() ? hour() : null),
    (next) => {
      clearTimeout(timer)
      timer = setTimeout(() => (settled.value = next), SETTLE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))

  const resource = useResource(() => (settled.value ? api.sites(settled.value) : null), [settled])
  const rows = computed(() => (wanted() ? (resource.data.value?.rows ?? []) : []))
  return { rows, resource }
}
