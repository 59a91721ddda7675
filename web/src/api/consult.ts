import { address, read, send, type Outcome, type Page } from './client'
import type { DayCall, GuestLink, NewGuestLink, Room, RoomKind, RoomRow, Tempo } from './contractRooms'

export interface RoomFilter {
  state?: string
  kind?: string
}
export interface NewRoom {
  kind: RoomKind
  reason: string
}
export interface NewConclusion {
  days: DayCall[]
  text: string
  /** Of a correction. */
  reason?: string
}
export interface NewGuest {
  name: string
  organisation: string
  days: number
}

const path = (id: string) => `/consultations/${encodeURIComponent(id)}`
const guestPath = (secret: string) => `/guest/${encodeURIComponent(secret)}`

/** Consultations (会商): rooms, bids, conclusions. */
export const consultApi = {
  list: (filter: RoomFilter, cursor?: string): Promise<Outcome<Page<RoomRow>>> =>
    read('/consultations', { ...filter, cursor }),
  tempo: (): Promise<Outcome<Tempo>> => read('/consultations/tempo'),
  one: (id: string): Promise<Outcome<Room>> => read(path(id)),
  open: (body: NewRoom, key: string): Promise<Room> => send('POST', '/consultations', { body, key }),
  bid: (id: string, days: DayCall[], key: string): Promise<Room> =>
    send('POST', `${path(id)}/bid`, { body: { days }, key }),
  remark: (id: string, text: string, key: string): Promise<Room> =>
    send('POST', `${path(id)}/remark`, { body: { text }, key }),
  conclude: (room: Room, step: 'conclude' | 'correct', body: NewConclusion, key: string): Promise<Room> =>
    send('POST', `${path(room.id)}/${step}`, { body, version: room.version, key }),
  sign: (room: Room, key: string): Promise<Room> =>
    send('POST', `${path(room.id)}/sign`, { body: {}, version: room.version, key }),
  cancel: (room: Room, text: string, key: string): Promise<Room> =>
    send('POST', `${path(room.id)}/cancel`, { body: { text }, version: room.version, key }),
  invite: (id: string, body: NewGuest, key: string): Promise<NewGuestLink> =>
    send('POST', `${path(id)}/guests`, { body, key }),
  revoke: (id: string, guest: string, key: string): Promise<GuestLink> =>
    send('POST', `${path(id)}/guests/${encodeURIComponent(guest)}/revoke`, { key }),
  documentAddress: (id: string, format: 'docx' | 'pdf') => address(`${path(id)}/document`, { format }),

  /** The one room that the link of a guest opens. */
  guestRoom: (secret: string): Promise<Outcome<Room>> => read(guestPath(secret)),
  guestBid: (secret: string, days: DayCall[], key: string): Promise<Room> =>
    send('POST', `${guestPath(secret)}/bid`, { body: { days }, key }),
  guestRemark: (secret: string, text: string, key: string): Promise<Room> =>
    send('POST', `${guestPath(secret)}/remark`, { body: { text }, key }),
}
