import { ref, shallowRef } from 'vue'
import { ActionKey } from '@/actionKey'
import { asProblem, type Problem } from '@/api/problem'

/** Something that a person has the server do: once at a time, with its problem kept beside the draft. */
export function useCommand() {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const key = new ActionKey()

  /** True when it was done. `content` tells a repetition from another action. */
  async function run(content: unknown, action: (key: string) => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await action(key.of(content))
      key.settle()
    } catch (cause) {
      problem.value = asProblem(cause)
      if (!problem.value.uncertain) key.settle()
    } finally {
      busy.value = false
    }
    return problem.value === null
  }

  return { busy, problem, run }
}
