import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import type { WarningBanner } from '@/api/warningTypes'
import { warningsApi } from '@/api/warnings'
import { useClock } from './clock'
import { useNews } from './news'
import { useSession } from './session'

/** What holds now, for the banner on every page and the wall, and how many drafts wait for the reader. */
export const useBanner = defineStore('banner', () => {
  const session = useSession()
  const news = useNews()
  const clock = useClock()
  const banner = shallowRef<WarningBanner | null>(null)
  const problem = shallowRef<Problem | null>(null)
  /** When the server last said so; the browser's own clock. */
  const heardAt = ref<number | null>(null)
  const waiting = computed(() => banner.value?.waiting ?? 0)
  const readable = computed(() => session.may('warning.read') && !session.ended)
  let turn = 0

  async function refresh() {
    const mine = ++turn
    if (!readable.value) return
    try {
      const answer = await warningsApi.inForce()
      if (mine !== turn || answer.kind !== 'ready') return
      banner.value = answer.data
      problem.value = null
      heardAt.value = Date.now()
    } catch (cause) {
      // What was known stays: a banner that vanishes would say that nothing holds.
      if (mine === turn) problem.value = asProblem(cause)
    }
  }

  watch([readable, () => news.warnings, () => clock.edition], () => void refresh(), { immediate: true })
  return { banner, problem, heardAt, waiting, refresh }
})
