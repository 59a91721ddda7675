import { read, send, type Outcome } from './client'
import type { PlanCheck, PlanDetail, PlanRow, PlanTrial } from './planTypes'

export type PlanStepId = 'approve' | 'drop' | 'end'
export interface PlanStep {
  /** Of `drop`: why. */
  text?: string
  /** Of `end`: its last day. */
  last?: string
}

const path = (id: string) => `/plans/${encodeURIComponent(id)}`

/** Warning plans (预案): what is in force, drafts of the next one, how a winter would have gone under them. */
export const plansApi = {
  list: (): Promise<Outcome<{ rows: PlanRow[] }>> => read('/plans'),
  one: (id: string): Promise<Outcome<PlanDetail>> => read(path(id)),
  /** Changes nothing. */
  check: async (text: string): Promise<Outcome<PlanCheck>> => ({
    kind: 'ready',
    data: await send<PlanCheck>('POST', '/plans/check', { body: { text } }),
  }),
  draft: (text: string, key: string): Promise<PlanDetail> => send('POST', '/plans', { body: { text }, key }),
  rewrite: (plan: PlanDetail, text: string, key: string): Promise<PlanDetail> =>
    send('PUT', path(plan.id), { body: { text }, version: plan.etag_version, key }),
  trial: (id: string): Promise<Outcome<PlanTrial>> => read(`${path(id)}/trial`),
  startTrial: (id: string, winter: number, key: string): Promise<unknown> =>
    send('POST', `${path(id)}/trial`, { body: { winter }, key }),
  step: (plan: PlanDetail, step: PlanStepId, body: PlanStep, key: string): Promise<PlanDetail> =>
    send('POST', `${path(plan.id)}/${step}`, { body, version: plan.etag_version, key }),
}
