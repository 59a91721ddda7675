import type { RoomState } from '@/api/types'

/** How the states of a consultation look; the words stand in the locales. */
type Kind = 'ok' | 'info' | 'risk' | 'late' | 'idle'

const KINDS: Record<string, Kind> = {
  open: 'info',
  concluded: 'risk',
  signed: 'ok',
  superseded: 'idle',
  cancelled: 'idle',
}

export const STATES = Object.keys(KINDS) as RoomState[]
export const ROOM_KINDS = ['daily', 'urgent', 'joint'] as const

export const roomKind = (state: string): Kind => KINDS[state] ?? 'idle'
