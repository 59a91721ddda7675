import { computed, onScopeDispose, ref, watch } from 'vue'
import { plansApi, type PlanStep, type PlanStepId } from '@/api/plans'
import type { PlanDetail } from '@/api/planTypes'
import { useCommand } from '@/composables/useCommand'
import { useResource } from '@/composables/useResource'
import { useNews } from '@/stores/news'
import { useSession } from '@/stores/session'
import { faultOf } from './faultLines'

const CHECK_AFTER_MS = 500

/** One plan, the text that is being written, and what the server says of it. */
export function usePlan(id: () => string) {
  const news = useNews()
  const session = useSession()
  const plan = useResource(() => plansApi.one(id()), [id, () => news.warnings])
  const may = computed(() => session.may('warning.assess'))
  const editable = computed(() => may.value && plan.data.value?.state === 'draft')
  const text = ref('')
  const dirty = computed(() => plan.data.value !== null && text.value !== plan.data.value.text)

  /** A text that somebody is writing is not replaced by news. */
  watch(plan.data, (now: PlanDetail | null, before: PlanDetail | null) => {
    if (now && (!before || before.id !== now.id || text.value === before.text)) text.value = now.text
  })

  const checked = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(text, (next, before) => {
    clearTimeout(timer)
    timer = setTimeout(() => (checked.value = next), before === '' ? 0 : CHECK_AFTER_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
  const check = useResource(() => (checked.value && may.value ? plansApi.check(checked.value) : null), [checked, may])
  const faults = computed(() => {
    const refused = check.problem.value
    // A line that broke says nothing of the text.
    if (refused && !refused.uncertain) return [faultOf(refused)]
    return check.data.value?.faults ?? plan.data.value?.faults ?? []
  })
  const open = computed(() => plan.data.value?.state === 'draft')
  const mayApprove = computed(() => session.may('warning.sign') && open.value)
  const mayDrop = computed(() => open.value && (may.value || mayApprove.value))
  const mayEnd = computed(() => session.may('warning.sign') && plan.data.value?.state === 'approved')
  /** Whether the plan can be approved as it is stored. */
  const ready = computed(() => !dirty.value && plan.data.value?.tried && !faults.value.some((fault) => fault.blocks))

  const { busy, problem, run } = useCommand()
  async function act(content: unknown, action: (now: PlanDetail, key: string) => Promise<unknown>) {
    const now = plan.data.value
    if (!now) return false
    const done = await run(content, (key) => action(now, key))
    if (done || problem.value?.stale) await plan.refresh()
    return done
  }
  const save = () => act(['save', text.value], (now, key) => plansApi.rewrite(now, text.value, key))
  const step = (one: PlanStepId, body: PlanStep) => act([one, body], (now, key) => plansApi.step(now, one, body, key))
  return {
    plan,
    editable,
    text,
    dirty,
    check,
    faults,
    mayApprove,
    mayDrop,
    mayEnd,
    ready,
    busy,
    problem,
    save,
    step,
  }
}
