/** Shapes of the pages of warning plans, by the names that the server gives them. */
import type { Named, WarningLevelCode } from './warningTypes'

export interface LevelText {
  level: string
  text: string
  text_en: string
}
export interface PlanRow {
  id: string
  title: string
  title_en: string
  effective_from: string
  act_at: number
  confidence: string
  in_force: boolean
  levels: LevelText[]
}
export interface PlanFault {
  /** Its stable name, the part it is about, or `line 12`. */
  where: string
  text: string
  text_en: string
  /** Whether the plan is not approved with it. */
  blocks: boolean
}
export interface PlanChange {
  where: string
  text: string
  text_en: string
  before: string
  after: string
  before_en: string
  after_en: string
}
export interface PlanDetail {
  id: string
  version: string
  title: string
  title_en: string
  effective_from: string
  effective_until: string | null
  in_force: boolean
  bundled: boolean
  state: 'draft' | 'approved' | 'bundled' | 'ended' | 'dropped'
  text: string
  faults: PlanFault[]
  levels: LevelText[]
  ratios: { level: WarningLevelCode; pollutant: string; percent: number }[]
  confidence: string
  /** Parts that are configuration, not published. */
  configured: string[]
  drafted_by: string | null
  approved_by: string | null
  etag_version: number
  /** Whether the draft was tried as it stands. */
  tried: boolean
}
export interface PlanCheck {
  faults: PlanFault[]
  diff: PlanChange[]
  /** The plan it was compared with. */
  against: string
}
export interface TrialRow {
  city: Named
  episodes: number
  hits: number
  misses: number
  false_alarms: number
  lead_hours: number | null
  warned_hours: number | null
  needless_hours: number | null
}
/** One winter under the draft and under the plan in force. */
export interface PlanTrial {
  state: 'none' | 'running' | 'done' | 'failed'
  winter: number | null
  rows: TrialRow[]
  against: TrialRow[]
  why: string
}
