/** Shapes of the consultation pages. */
import type { MatterAction, Named, Stamp } from './types'

export type RoomState = 'open' | 'concluded' | 'signed' | 'superseded' | 'cancelled'
export type RoomKind = 'daily' | 'urgent' | 'joint'
export type Confidence = 'low' | 'medium' | 'high'

/** A consultation in a list. */
export interface RoomLine {
  id: string
  code: string
  kind: RoomKind
  state: RoomState
  owner: Named
  issue_time: string
  opened_at: string
  bids_until: string
  /** Null where that is not seen. */
  bid_count: number | null
  own_bid: boolean
  /** The version of its signed conclusion; 0 for none. */
  number: number
  changed_at: string
  version: number
}
/** How often consultations are held, and why. */
export interface Tempo {
  rule: string
  rule_title: string
  confidence: string
  step: string | null
  since: string | null
  reason: string
  reason_en: string
  next: string[]
  look: string | null
}
/** A consultation as one person sees it. */
export interface RoomDetail {
  stamp: Stamp
  id: string
  code: string
  kind: RoomKind
  state: RoomState
  owner: Named
  issue_time: string
  opened_at: string
  version: number
  /** Null for whoever was only given the signed conclusion. */
  room: RoomInside | null
  official: Conclusion | null
  versions: SignedVersion[]
  superseded_by: string | null
  actions: MatterAction[]
}
export interface RoomInside {
  opening: string
  opening_en: string
  opened_by: Named
  invited: Named[]
  bids_until: string
  hide_bids: boolean
  material: RoomMaterial
  bid_count: number | null
  /** Whether bids of others are hidden from this person now. */
  bids_hidden: boolean
  bids: Bid[]
  own_bid: Bid | null
  /** For whoever may conclude and sees the bids. */
  prefilled: Prefilled[] | null
  remarks: Remark[]
  /** A conclusion that waits for its sign-off. */
  pending: Conclusion | null
  guests: GuestLine[]
}
export interface RoomMaterial {
  ready: boolean
  run: string
  model: string | null
  trained_until: string | null
  members: number
  cities: CityMaterial[]
  guidance: { id: string; state: string }[]
}
export interface CityMaterial {
  city: string
  name: string
  last_hour: string | null
  fresh: boolean
  days: { lead: number; lo: number; hi: number; primary: string[]; p_aqi150: number | null; p_aqi200: number | null }[]
}
/** What is said of one city and day. */
export interface CallBody {
  city: string
  lead: number
  lo: number
  hi: number
  primary: string[]
  confidence: Confidence
  reason: string
}
export interface CallView extends CallBody {
  name: string
  date: string
  levels: number[]
}
export interface Bid {
  /** Null for a guest. */
  account: string | null
  participant: string
  number: number
  at: string
  days: CallView[]
}
/** What the bids or, without any, the run give. */
export interface Prefilled {
  city: string
  lead: number
  lo: number
  hi: number
  primary: string[]
  confidence: Confidence
  /** From how many bids; 0 for the run alone. */
  bids: number
}
export interface Remark {
  participant: string
  text: string
  at: string
}
export interface Conclusion {
  number: number
  days: { call: CallView; prefilled: Prefilled | null }[]
  text: string
  correction: string
  publication: string
  publication_en: string
  by: Named
  at: string
  signed_by: Named | null
  signed_at: string | null
}
export interface SignedVersion {
  number: number
  state: string
  signed_at: string
  correction: string
}
export interface GuestLine {
  id: string
  name: string
  organisation: string
  expires: string
  revoked: boolean
}
export interface GuestMade {
  id: string
  expires: string
  /** Told once; null when the command is repeated. */
  link: string | null
}
/** A room as its guest sees it: of bids and remarks the own ones alone. */
export interface GuestRoom {
  stamp: Stamp
  code: string
  kind: RoomKind
  state: RoomState
  guest: string
  expires: string
  issue_time: string
  bids_until: string
  material: RoomMaterial
  own_bid: Bid | null
  remarks: Remark[]
}
