import type { Bid, CallView } from '@/api/types'
import { beijing } from '@/time'

const DAY = 86_400_000

/** Days that everybody speaks of. HJ 633-2026 asks for at least three days ahead. */
export const LEADS = [1, 2, 3] as const
/** Days that may be spoken of. */
export const ALL_LEADS = [1, 2, 3, 4, 5, 6, 7] as const

/** The calendar day that a lead means: lead 1 is the day after the day of the issue. */
export function dateOf(issue: string, lead: number): string {
  return beijing(Date.parse(`${issue.slice(0, 10)}T00:00:00+08:00`) + lead * DAY).slice(0, 10)
}

/** What one person said of one city and day, with who said it and when. */
export interface Said extends CallView {
  bid: Bid
}

/** What the bids say of a city: by day, then in the order in which they came. */
export function saidOf(bids: readonly Bid[], city: string): Said[] {
  return bids
    .flatMap((bid) => bid.days.filter((call) => call.city === city).map((call) => ({ ...call, bid })))
    .sort((one, other) => one.lead - other.lead || one.bid.at.localeCompare(other.bid.at))
}

/** Those who consult, in the order of their names: a person keeps a colour whoever comes first. */
export function peopleOf(bids: readonly Bid[]): string[] {
  return [...new Set(bids.map((bid) => bid.participant))].sort()
}

/** Above this the day has a primary pollutant (HJ 633). */
const NO_PRIMARY_UP_TO = 50
const MOST_PRIMARY = 3

/** Whether the named pollutants fit the range: none on a clean day, else one to three. */
export function primaryFits(hi: number, primary: readonly string[]): boolean {
  if (hi <= NO_PRIMARY_UP_TO) return primary.length === 0
  return primary.length >= 1 && primary.length <= MOST_PRIMARY
}
