import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { csrfToken, onRefusal } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import { sessionApi, type Me } from '@/api/session'

const LOG_IN_FIRST = 'A-301'

/** Who is at the screen, and what they may do. */
export const useSession = defineStore('session', () => {
  const me = shallowRef<Me | null>(null)
  const problem = shallowRef<Problem | null>(null)
  /** The session ended while its pages were open: what they show and what was typed stays. */
  const ended = ref(false)
  /** The login has been called to the page. */
  const logging = ref(false)
  let asking: Promise<void> | undefined

  const rights = computed(() => new Set(me.value?.rights))

  /** Whether one of the rights is there; no right asked for is always there. */
  function may(...any: readonly string[]) {
    return any.length === 0 || any.some((right) => rights.value.has(right))
  }

  /** Whether this browser may be logged in; without the cookie there is nothing to ask. */
  const hasCookie = () => csrfToken(document.cookie) !== ''

  /** Asks the server once. */
  function ask(): Promise<void> {
    if (me.value || !hasCookie()) return Promise.resolve()
    asking ??= refresh().finally(() => (asking = undefined))
    return asking
  }

  async function refresh() {
    problem.value = null
    try {
      const answer = await sessionApi.me()
      if (answer.kind === 'ready') accept(answer.data)
    } catch (cause) {
      const found = asProblem(cause)
      if (found.body.code !== LOG_IN_FIRST) problem.value = found
    }
  }

  function accept(now: Me) {
    me.value = now
    ended.value = false
    logging.value = false
    problem.value = null
  }

  async function logOut() {
    await sessionApi.logOut()
    me.value = null
  }

  onRefusal((refused) => {
    if (refused.body.code === LOG_IN_FIRST && me.value) ended.value = true
  })

  return { me, problem, ended, logging, rights, may, hasCookie, ask, refresh, accept, logOut }
})
