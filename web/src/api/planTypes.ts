/** Short names for the shapes of warning plans; the shapes themselves are generated from the server. */
import type { components } from './schema.gen'
import type { Told } from './types'

type Schemas = components['schemas']

export type LevelText = Schemas['LevelText']
export type PlanRow = Schemas['Plans']['rows'][number]
export type PlanFault = Schemas['PlanFault']
export type PlanChange = Schemas['PlanChange']
export type PlanDetail = Told<Schemas['PlanDetail']>
export type PlanCheck = Schemas['PlanCheck']
export type TrialRow = Told<Schemas['PlanTrialRow']>
/** One winter under the draft and under the plan in force. */
export type PlanTrial = Told<Schemas['PlanTrial']>
