import { computed, ref, shallowRef } from 'vue'
import type { ChangeAction, StepId, WarningAction, WarningDetail } from '@/api/warningTypes'
import { ofDraft } from './terms'

/** What a dialog writes: a change of what holds, or the waiting draft anew. */
export type Written = Pick<ChangeAction, 'change' | 'label' | 'label_en' | 'terms'>

/** The steps of one warning: which are offered, and the dialog that is open. */
export function useSteps(warning: () => WarningDetail | null) {
  const step = shallowRef<WarningAction | null>(null)
  const writing = shallowRef<Written | null>(null)
  /** The end that was chosen beside the dialog. */
  const end = ref<string | undefined>()
  const action = (id: StepId) => warning()?.actions.find((one) => one.id === id) ?? null
  const change = (id: string) => warning()?.changes.find((one) => one.change === id) ?? null
  /** The draft is rewritten in the dialog that wrote it. */
  const rewrite = computed(() => {
    const draft = warning()?.draft
    const allowed = action('draft')
    return draft && allowed ? { ...allowed, draft } : null
  })

  function take(one: WarningAction) {
    if (one.allowed) step.value = one
  }
  function write(one: ChangeAction | null, until?: string) {
    if (!one?.allowed) return
    end.value = until
    writing.value = one
  }
  function writeAnew() {
    const again = rewrite.value
    if (!again?.allowed) return
    end.value = undefined
    writing.value = {
      change: again.draft.change,
      label: again.label,
      label_en: again.label_en,
      terms: ofDraft(again.draft),
    }
  }
  function close() {
    step.value = null
    writing.value = null
  }
  return { step, writing, end, action, change, rewrite, take, write, writeAnew, close }
}
