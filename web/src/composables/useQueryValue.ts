import { computed, ref, watch, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type Router } from 'vue-router'

const WRITE_AFTER_MS = 120

const waiting = new Map<string, string | undefined>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Browsers refuse floods of history entries, so values set in quick succession are written once. */
function schedule(router: Router) {
  clearTimeout(timer)
  const path = router.currentRoute.value.path
  timer = setTimeout(() => {
    const written = Object.fromEntries(waiting)
    waiting.clear()
    const now = router.currentRoute.value
    if (now.path === path) void router.replace({ query: { ...now.query, ...written }, hash: now.hash })
  }, WRITE_AFTER_MS)
}

/** A piece of view state that lives in the address, so that a link or a reload shows the same view. */
export function useQueryValue(name: string, otherwise: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  const path = route.path
  const read = () => {
    const value = route.query[name]
    return typeof value === 'string' ? value : otherwise
  }
  const value = ref(read())

  watch(
    () => route.query[name],
    () => {
      if (!waiting.has(name) && route.path === path) value.value = read()
    },
  )

  return computed({
    get: () => value.value,
    set: (next) => {
      value.value = next
      waiting.set(name, next === otherwise ? undefined : next)
      schedule(router)
    },
  })
}
