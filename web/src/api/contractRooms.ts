/** Shapes of the consultation pages. */
import type { Bilingual } from './contract'
import type { HistoryRow, MatterAction, Named } from './types'

export type RoomState = 'open' | 'concluded' | 'signed' | 'superseded' | 'cancelled'
export type RoomKind = 'daily' | 'urgent' | 'joint'
export type Confidence = 'low' | 'medium' | 'high'

/** A consultation in a list. */
export interface RoomRow {
  id: string
  code: string
  kind: RoomKind
  state: RoomState
  issue_time: string
  opening: string
  opening_en: string
  opened_at: string
  opened_by: Named
  bids_until: string
  /** How many bids are in, and whether the own one is. */
  bid_count: number
  mine: boolean
  version: number
}
export interface Tempo extends Bilingual {
  /** How often consultations are held. */
  level: string
  probability: number | null
  next: string[]
  rule: { id: string; title: string; title_en: string; confidence: string }
}
export interface Room extends RoomRow {
  material: RoomMaterial
  /** Days ahead that a conclusion covers. */
  leads: number[]
  invited: Named[]
  /** `all`, `counts` or `own`: others' bids stay away until the own one is in. */
  sight: string
  bids: Bid[]
  remarks: Remark[]
  prefilled: Prefilled[]
  skill: ForecasterSkill[]
  /** Every version, newest first; the first one waits for its sign-off or is the official forecast. */
  conclusions: Conclusion[]
  guests: GuestLink[]
  actions: MatterAction[]
  history: HistoryRow[]
}
export interface RoomMaterial {
  issue: string
  data_time: string | null
  standard: string
  run: { state: string; model: string | null; trained_until: string | null; members: number }
  cities: CityMaterial[]
  members: { id: string; state: string }[]
}
export interface CityMaterial {
  city: string
  name: string
  name_en: string
  last_hour: string | null
  fresh: boolean
}
/** What is said of one city and day. */
export interface DayCall {
  city: string
  lead: number
  lo: number
  hi: number
  primary: string[]
  confidence: Confidence
  reason: string
}
export interface ClassedCall extends DayCall {
  levels: number[]
}
export interface Bid {
  by: Named
  guest: boolean
  own: boolean
  number: number
  at: string
  days: ClassedCall[]
}
export interface Remark {
  by: Named
  guest: boolean
  at: string
  text: string
}
/** What bids or, without any, the run give. */
export interface Prefilled {
  city: string
  lead: number
  lo: number
  hi: number
  primary: string[]
  confidence: Confidence
  bids: number
}
export interface Conclusion {
  number: number
  state: string
  days: ClassedCall[]
  text: string
  correction: string
  by: Named
  at: string
  signed_by: Named | null
  signed_at: string | null
  publication: Bilingual
}
export interface ForecasterSkill {
  id: string
  name: string
  kind: 'forecaster' | 'model' | 'conclusion'
  cases: number
  range_hit: number | null
  interval_score: number | null
  weight: number | null
}
export interface GuestLink {
  id: string
  name: string
  organisation: string
  expires: string
  revoked: boolean
}
export interface NewGuestLink extends GuestLink {
  /** Shown once; only its digest is kept. */
  secret: string
}
