/** Shapes of the warning pages, by the names that the server gives them. */
import type { Stamp } from './types'

export type WarningLevelCode = 'yellow' | 'orange' | 'red'
export type WarningState = 'proposed' | 'in_force' | 'lifted' | 'withdrawn' | 'dropped' | 'summarised'
export type Gate = 'assessment' | 'sign_off' | 'issue'
export type Change = 'issue' | 'raise' | 'lower' | 'extend' | 'lift' | 'withdraw'
export type Cause = 'pm25' | 'ozone' | 'dust' | 'wildfire_smoke' | 'blown_dust' | 'cross_border'
/** Of members that meet a level or a higher one, 0 to 1. */
export interface Shares {
  yellow?: number | null
  orange?: number | null
  red?: number | null
}
/** A place by its code. */
export interface Named {
  code: string
  name: string
  name_en: string
}
export interface TermsBody {
  level: WarningLevelCode
  cause: Cause
  cities: string[]
  start: string
  end: string
}
/** A prompt from above to act together. */
export interface PromptBody {
  linkage: string
  level: WarningLevelCode
  from: string
  document: string
  received: string
}

/** A warning in a list. */
export interface WarningRow {
  id: string
  code: string
  state: WarningState
  state_label: string
  state_label_en: string
  exercise: boolean
  demonstration: boolean
  level: WarningLevelCode
  cause: Cause
  cities: Named[]
  start: string
  end: string
  /** Of the draft under way. */
  change: Change | null
  gate: Gate | null
  gate_label: string | null
  gate_label_en: string | null
  document: string | null
  issued_at: string | null
  late: boolean
  version: number
  your_turn: boolean
}
export interface WarningList {
  rows: WarningRow[]
  next: string | null
  total: number
  can_propose: boolean
  why_not: string
  why_not_en: string
  stamp: Stamp
}
export interface BannerRow {
  id: string
  code: string
  level: WarningLevelCode
  exercise: boolean
  demonstration: boolean
  cities: Named[]
  start: string
  end: string
  document: string
}
/** What holds now, for the banner; exercises only when nothing else does. */
export interface WarningBanner {
  rows: BannerRow[]
  /** Drafts at a gate that the reader can pass. */
  waiting: number
}

/** A gate that was passed. */
export interface PassedView {
  by: string
  by_name: string
  at: string
  opinion: string
}
/** The AQI of the 24 hours that end with `hour`, over the members. */
export interface CoursePoint {
  hour: string
  q10: number | null
  q50: number | null
  q90: number | null
}
export interface CityBasisView {
  city: Named
  level: WarningLevelCode | null
  start: string | null
  end: string | null
  rule: string
  rule_en: string
  probability: Shares
  late: boolean
  /** That the condition is met again within the lift span, 0 to 1. */
  again: number | null
  course: CoursePoint[]
  /** What people signed for the city, day by day. */
  official: { date: string; lo: number; hi: number }[]
}
/** What a decision rests on, frozen when the draft was written. */
export interface BasisView {
  run: { id: string; digest: string; issue_time: string; members: number; model: string }
  plan: {
    id: string
    version: string
    digest: string
    title: string
    title_en: string
    act_at: number
    lead_hours: number
    max_forecast_age_hours: number
    lift_below_hours: number
  }
  data_time: string | null
  standard: string
  demonstration: boolean
  age_hours: number
  fresh: boolean
  cities: CityBasisView[]
}
export interface DraftView {
  number: number
  change: Change
  change_label: string
  change_label_en: string
  terms: TermsBody
  city_names: Named[]
  reason: string
  prompt: PromptBody | null
  by: string
  by_name: string
  at: string
  assessed: PassedView | null
  signed: PassedView | null
  gate: Gate
  digest: string
  late: boolean
  least_level: WarningLevelCode | null
  notes: string[]
  notes_en: string[]
}
export interface IssuedView {
  /** From 1. */
  number: number
  document: string
  draft: DraftView
  digest: string
  by: string
  by_name: string
  at: string
  told: Named[]
}
export type StepId = 'assess' | 'sign' | 'issue' | 'drop' | 'draft' | 'summarise'
export interface WarningAction {
  id: string
  label: string
  label_en: string
  allowed: boolean
  why: string
  why_en: string
}
export interface ChangeAction {
  change: Change
  label: string
  label_en: string
  allowed: boolean
  why: string
  why_en: string
  /** Prefilled from the newest check. */
  terms: TermsBody | null
}
export interface WarningHistoryRow {
  at: string
  by: string
  by_name: string
  event: string
  label: string
  label_en: string
  text: string
}
export interface LevelView {
  level: WarningLevelCode
  text: string
  text_en: string
  ratios: { pollutant: string; percent: number | null }[]
}
export interface WarningDetail {
  id: string
  code: string
  version: number
  owner: string
  owner_name: string
  state: WarningState
  state_label: string
  state_label_en: string
  exercise: boolean
  demonstration: boolean
  /** What holds now. */
  terms: TermsBody | null
  draft: DraftView | null
  /** Oldest first. */
  issued: IssuedView[]
  /** Of the draft, else of what was issued last. */
  basis: BasisView
  summary: { text: string; by: string; by_name: string; at: string } | null
  actions: WarningAction[]
  changes: ChangeAction[]
  history: WarningHistoryRow[]
  levels: LevelView[]
  stamp: Stamp
}
export interface NewWarning {
  exercise: boolean
  terms: TermsBody
  reason: string
  prompt: PromptBody | null
  /** Of an exercise only. */
  plan?: string
  owner?: string
}
export interface WarningStep {
  change?: Change
  terms?: TermsBody
  reason?: string
  prompt?: PromptBody
  draft?: number
  digest?: string
  opinion?: string
  document?: string
  text?: string
}
/** What the members say if it were lifted at `at`. */
export interface Counterfactual {
  at: string
  cities: { city: Named; again: Shares; below_hours: number | null; allowed: boolean }[]
  text: string
  text_en: string
  stamp: Stamp
}
export interface ReviewRow {
  city: Named
  hit: boolean | null
  lead_hours: number | null
  observed_start: string | null
  observed_end: string | null
  perfect_level: WarningLevelCode | null
  warned_hours: number | null
  needless_hours: number | null
  missed_hours: number | null
  model_level: WarningLevelCode | null
}
export interface Review {
  rows: ReviewRow[]
  text: string
  text_en: string
  stamp: Stamp
}
export interface DeliveryRow {
  document: string
  channel: string
  recipient: string
  recipient_name: string
  sent: string
  receipt: string | null
}
export interface DeliveryList {
  rows: DeliveryRow[]
}

/** What the rules lead to for one city on the run shown. */
export interface ProposedCity {
  city: string
  name: string
  /** `none` or a level. */
  level: string
  start?: string | null
  end?: string | null
  rule?: string | null
  rule_en?: string | null
  unless?: string | null
  unless_en?: string | null
  probability: Shares
  /** The level with the runs before in mind. */
  steady?: WarningLevelCode | null
  /** What holds there now. */
  warned?: WarningLevelCode | null
}
export interface WarningProposal {
  issue_time: string
  members: number
  act_at: number
  plan: { id: string; title: string; title_en: string; effective_from: string }
  cities: ProposedCity[]
  /** What the reader should know of policy and members. */
  notes?: string[]
  notes_en?: string[]
  /** Ready to propose, one a level. */
  terms: TermsBody[]
  stamp: Stamp
}
export interface ProposalRun {
  issue_time: string
  level: WarningLevelCode | null
  probability: Shares
}
/** What the last runs proposed for one city. */
export interface ProposalHistory {
  runs: ProposalRun[]
  changes: number
  city: Named
  stamp: Stamp
}
