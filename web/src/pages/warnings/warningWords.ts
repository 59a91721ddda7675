import type { Cause, WarningLevelCode, WarningState } from '@/api/warningTypes'

/** How the states of a warning look; the words come from the server. */
type Kind = 'ok' | 'info' | 'risk' | 'late' | 'idle'

const KINDS: Record<WarningState, Kind> = {
  proposed: 'info',
  in_force: 'risk',
  lifted: 'ok',
  withdrawn: 'idle',
  dropped: 'idle',
  summarised: 'ok',
}

export const STATES = Object.keys(KINDS) as WarningState[]
export const LEVELS: readonly WarningLevelCode[] = ['yellow', 'orange', 'red']
export const CAUSES: readonly Cause[] = ['pm25', 'ozone', 'dust', 'wildfire_smoke', 'blown_dust', 'cross_border']

export const warningKind = (state: string): Kind => KINDS[state as WarningState] ?? 'idle'

/** 0 for none, 3 for red. */
export const rankOf = (level: string | null | undefined) => LEVELS.indexOf(level as WarningLevelCode) + 1

/** What to look at first: the own turn, then what holds, then what was issued or written last. */
export function byUrgency<Row extends { your_turn: boolean; state: string; level: string }>(
  rows: readonly Row[],
): Row[] {
  const rank = (row: Row) => (row.your_turn ? 8 : 0) + (row.state === 'in_force' ? 4 : 0)
  return [...rows].sort((one, other) => rank(other) - rank(one))
}
