import type { MatterRow } from '@/api/types'

/** How the states of a matter look; the words stand in the locales. */
type Kind = 'ok' | 'info' | 'risk' | 'late' | 'idle'

const KINDS: Record<string, Kind> = {
  open: 'idle',
  acknowledged: 'info',
  submitted: 'risk',
  closed: 'ok',
  cancelled: 'idle',
}

export const STATES = Object.keys(KINDS)
export const UNFINISHED = ['open', 'acknowledged', 'submitted']

type Dated = Pick<MatterRow, 'state' | 'due'>

/** An unfinished matter whose last day is over is late, whatever its state. */
export function isLate(matter: Dated, today: string): boolean {
  return Boolean(matter.due && matter.due < today) && UNFINISHED.includes(matter.state)
}

export function stateKind(matter: Dated, today: string): Kind {
  return isLate(matter, today) ? 'late' : (KINDS[matter.state] ?? 'idle')
}
