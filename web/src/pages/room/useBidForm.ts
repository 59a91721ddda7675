import { reactive, watch } from 'vue'
import type { Bid, CallBody, Confidence } from '@/api/types'
import { primaryFits } from './calls'

export const CONFIDENCES = ['low', 'medium', 'high'] as const
export const PRIMARIES = ['PM2_5', 'PM10', 'O3_8h', 'NO2', 'SO2', 'CO'] as const

export interface DayDraft {
  lead: number
  lo: number | ''
  hi: number | ''
  primary: string[]
}
export interface CityDraft {
  days: DayDraft[]
  confidence: Confidence
  reason: string
}

/** A draft as it stands at first: empty, or the own bid so far; never what others said. */
export function draftFor(city: string, leads: readonly number[], own: Bid | null): CityDraft {
  const mine = own?.days.filter((call) => call.city === city) ?? []
  return {
    days: leads.map((lead) => {
      const call = mine.find((one) => one.lead === lead)
      return { lead, lo: call?.lo ?? '', hi: call?.hi ?? '', primary: [...(call?.primary ?? [])] }
    }),
    confidence: mine[0]?.confidence ?? 'medium',
    reason: mine[0]?.reason ?? '',
  }
}

/** What a draft says: days left empty are no bid. */
export function callsOf(city: string, draft: CityDraft): CallBody[] {
  return draft.days.flatMap(({ lead, lo, hi, primary }) =>
    lo === '' || hi === ''
      ? []
      : [{ city, lead, lo, hi, primary, confidence: draft.confidence, reason: draft.reason.trim() }],
  )
}

/** A bid is entered whole: what was said of the other cities stays in it. */
export function wholeBid(city: string, draft: CityDraft, own: Bid | null): CallBody[] {
  const kept = (own?.days ?? []).filter((call) => call.city !== city)
  return [
    ...kept.map(({ city, lead, lo, hi, primary, confidence, reason }) => ({
      city,
      lead,
      lo,
      hi,
      primary,
      confidence,
      reason,
    })),
    ...callsOf(city, draft),
  ]
}

export type Flaw = 'nothing' | 'half' | 'upside_down' | 'primary'

/** What keeps a draft from being sent; null when nothing does. */
export function flawOf(draft: CityDraft): Flaw | null {
  const filled = draft.days.filter((day) => day.lo !== '' || day.hi !== '')
  if (filled.length === 0) return 'nothing'
  for (const { lo, hi, primary } of filled) {
    if (lo === '' || hi === '') return 'half'
    if (lo > hi) return 'upside_down'
    if (!primaryFits(hi, primary)) return 'primary'
  }
  return null
}

/** Drafts city by city: going to another city and back loses nothing. */
export function useBidForm(leads: () => readonly number[], own: () => Bid | null) {
  const drafts = reactive<Record<string, CityDraft>>({})
  const draft = (city: string): CityDraft => (drafts[city] ??= draftFor(city, leads(), own()))
  const forget = (city: string) => {
    delete drafts[city]
  }
  // More days are added to what is written already.
  watch(leads, (now) => {
    for (const city of Object.keys(drafts)) {
      const written = drafts[city]?.days ?? []
      const fresh = draftFor(city, now, own()).days
      const merged = fresh.map((day) => written.find((one) => one.lead === day.lead) ?? day)
      if (drafts[city]) drafts[city].days = merged
    }
  })
  return { draft, forget }
}
