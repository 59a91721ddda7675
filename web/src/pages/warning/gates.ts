import type { DraftView, IssuedView, PassedView, StepId } from '@/api/warningTypes'

/** One gate as it stands; the steps are offered by the server. */
export interface GateStand {
  id: 'drafted' | 'assessment' | 'sign_off' | 'issue'
  state: 'done' | 'now' | 'waiting'
  person: string | undefined
  at: string | undefined
  opinion: string | undefined
  document: string | undefined
  /** The step that passes it. */
  step: StepId | null
}

const STEP = { assessment: 'assess', sign_off: 'sign', issue: 'issue' } as const

/** 拟稿 → 研判 → 审签 → 发布 of the draft under way, else of the document that was issued last. */
export function gatesOf(draft: DraftView | null, last: IssuedView | undefined): GateStand[] {
  const shown = draft ?? last?.draft
  if (!shown) return []
  const issued = draft ? undefined : last
  const passed = (view: PassedView | null) =>
    view ? { person: view.by_name, at: view.at, opinion: view.opinion || undefined } : null
  const gate = (id: keyof typeof STEP, done: { person: string; at: string; opinion?: string | undefined } | null) => ({
    id,
    state: done ? ('done' as const) : draft?.gate === id ? ('now' as const) : ('waiting' as const),
    person: done?.person,
    at: done?.at,
    opinion: done?.opinion,
    document: id === 'issue' ? issued?.document : undefined,
    step: STEP[id],
  })
  return [
    {
      id: 'drafted',
      state: 'done',
      person: shown.by_name,
      at: shown.at,
      opinion: shown.reason || undefined,
      document: undefined,
      step: null,
    },
    gate('assessment', passed(shown.assessed)),
    gate('sign_off', passed(shown.signed)),
    gate('issue', issued ? { person: issued.by_name, at: issued.at } : null),
  ]
}
