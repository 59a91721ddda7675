import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api'
import { asProblem, type Problem } from '@/api/problem'
import type { Status } from '@/api/types'
import { addHours } from '@/time'
import { useSession } from './session'

/** The as-of moment of the server, the run that belongs to it, and the news about both. */
export const useClock = defineStore('clock', () => {
  const session = useSession()
  const status = shallowRef<Status | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const moving = ref(false)
  /** Grows whenever figures may have changed; pages watch it and ask again. */
  const edition = ref(0)

  const asOf = computed(() => status.value?.as_of ?? null)
  const canMove = computed(() => status.value?.clock.mode === 'replay' && session.may('clock.set') && !moving.value)

  async function refresh() {
    try {
      accept(await api.status())
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }

  function accept(answer: Awaited<ReturnType<typeof api.status>>) {
    if (answer.kind !== 'ready') return
    const before = status.value
    status.value = answer.data
    problem.value = null
    if (before && changed(before, answer.data)) edition.value += 1
  }

  function changed(before: Status, now: Status) {
    return (
      before.as_of !== now.as_of || before.run.state !== now.run.state || before.run.issue_time !== now.run.issue_time
    )
  }

  async function moveTo(hour: string) {
    if (!canMove.value || !status.value) return
    moving.value = true
    try {
      accept(await api.setClock(within(hour, status.value.clock)))
    } catch (cause) {
      problem.value = asProblem(cause)
    } finally {
      moving.value = false
    }
  }

  function step(hours: number) {
    return asOf.value ? moveTo(addHours(asOf.value, hours)) : Promise.resolve()
  }

  /** A step over the end of the replay goes to the end. */
  function within(hour: string, { min, max }: Status['clock']) {
    if (min && Date.parse(hour) < Date.parse(min)) return min
    return max && Date.parse(hour) > Date.parse(max) ? max : hour
  }

  function forgive() {
    problem.value = null
  }

  return { status, problem, moving, edition, asOf, canMove, refresh, moveTo, step, forgive }
})
