import { address, read, send, type Outcome, type Page } from './client'
import type { CallBody, GuestMade, GuestRoom, RoomDetail, RoomKind, RoomLine, Tempo } from './types'

export interface RoomFilter {
  state?: string
  kind?: string
}
export interface NewRoom {
  kind: RoomKind
  reason: string
}
export interface StepBody {
  text?: string
  days?: CallBody[]
  /** Of a correction. */
  reason?: string
}
export interface NewGuest {
  name: string
  organisation: string
  hours: number
}
export type RoomStep = 'remark' | 'conclude' | 'sign' | 'correct' | 'cancel'

const path = (id: string) => `/consultations/${encodeURIComponent(id)}`
/** The link stands in a header: no log of addresses ever sees it. */
const asGuest = (secret: string) => ({ headers: { 'X-Guest-Link': secret } })

/** Consultations (会商): rooms, bids, conclusions. */
export const consultApi = {
  list: (filter: RoomFilter, cursor?: string): Promise<Outcome<Page<RoomLine>>> =>
    read('/consultations', { ...filter, cursor }),
  tempo: (): Promise<Outcome<Tempo>> => read('/consultation-tempo'),
  one: (id: string): Promise<Outcome<RoomDetail>> => read(path(id)),
  open: (body: NewRoom, key: string): Promise<RoomDetail> => send('POST', '/consultations', { body, key }),
  /** `number` is that of the own bid so far, 0 for the first. */
  bid: (id: string, days: CallBody[], number: number, key: string): Promise<RoomDetail> =>
    send('POST', `${path(id)}/bid`, { body: { days }, version: number, key }),
  remark: (id: string, text: string, key: string): Promise<RoomDetail> =>
    send('POST', `${path(id)}/remark`, { body: { text }, key }),
  step: (room: RoomDetail, step: RoomStep, body: StepBody, key: string): Promise<RoomDetail> =>
    send('POST', `${path(room.id)}/${step}`, { body, version: room.version, key }),
  invite: (room: RoomDetail, body: NewGuest, key: string): Promise<GuestMade> =>
    send('POST', `${path(room.id)}/guests`, { body, version: room.version, key }),
  revoke: (room: RoomDetail, guest: string, key: string): Promise<RoomDetail> =>
    send('POST', `${path(room.id)}/guests/${encodeURIComponent(guest)}/revoke`, { version: room.version, key }),
  documentAddress: (id: string, format: 'docx' | 'pdf') => address(`${path(id)}/document`, { format }),

  /** The one room that the link of a guest opens. */
  guestRoom: (secret: string): Promise<Outcome<GuestRoom>> =>
    read('/guest/consultation', undefined, asGuest(secret).headers),
  guestBid: (secret: string, days: CallBody[], number: number, key: string): Promise<GuestRoom> =>
    send('POST', '/guest/consultation/bid', { body: { days }, version: number, key, ...asGuest(secret) }),
  guestRemark: (secret: string, text: string, key: string): Promise<GuestRoom> =>
    send('POST', '/guest/consultation/remark', { body: { text }, key, ...asGuest(secret) }),
}
