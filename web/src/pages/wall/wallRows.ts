import type { BannerRow } from '@/api/warningTypes'

const RANK = { yellow: 1, orange: 2, red: 3 }

/** A wall that heard nothing for so long says so. */
export const STALE_MINUTES = 3

/** Real before exercise, higher before lower, then by start. */
export function wallRows(rows: readonly BannerRow[]): BannerRow[] {
  return [...rows].sort(
    (one, other) =>
      Number(one.exercise) - Number(other.exercise) ||
      RANK[other.level] - RANK[one.level] ||
      Date.parse(one.start) - Date.parse(other.start),
  )
}

/** Whole minutes since the server was last heard; null before the first time. */
export function ageMinutes(heardAt: number | null, now: number): number | null {
  return heardAt === null ? null : Math.max(0, Math.floor((now - heardAt) / 60_000))
}
