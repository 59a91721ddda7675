import type { CallBody, Conclusion, Prefilled } from '@/api/types'
import { ALL_LEADS, LEADS, primaryFits } from './calls'

/** A line while the chair works on it; `prefilled` is what the bids, or without any the run, give. */
export interface LineDraft extends Omit<CallBody, 'lo' | 'hi'> {
  lo: number | ''
  hi: number | ''
  prefilled: Prefilled | null
}

/** What a conclusion begins with: what the bids give now, or what they gave for the one that is changed. */
export function givenFor(prefilled: readonly Prefilled[] | null, latest: Conclusion | null): readonly Prefilled[] {
  return prefilled ?? (latest?.days ?? []).flatMap((day) => (day.prefilled ? [day.prefilled] : []))
}

/**
 * The lines of a conclusion: the days everybody speaks of for every city, and later ones that somebody spoke of.
 *
 * A city that neither bids nor run speak of has an empty line: the conclusion covers it all the same.
 */
export function draftLines(
  cities: readonly string[],
  given: readonly Prefilled[],
  concluded: readonly CallBody[] | null,
): LineDraft[] {
  return cities.flatMap((city) =>
    ALL_LEADS.flatMap((lead) => {
      const prefilled = given.find((one) => one.city === city && one.lead === lead) ?? null
      const before = concluded?.find((one) => one.city === city && one.lead === lead)
      if (before) return [lineOf(before, before.reason, prefilled)]
      const due = (LEADS as readonly number[]).includes(lead) || (concluded === null && (prefilled?.bids ?? 0) > 0)
      if (!due) return []
      return [prefilled ? lineOf(prefilled, '', prefilled) : emptyLine(city, lead)]
    }),
  )
}

function lineOf(said: Omit<CallBody, 'reason'>, reason: string, prefilled: Prefilled | null): LineDraft {
  const { city, lead, lo, hi, primary, confidence } = said
  return { city, lead, lo, hi, primary: [...primary], confidence, reason, prefilled }
}

function emptyLine(city: string, lead: number): LineDraft {
  return { city, lead, lo: '', hi: '', primary: [], confidence: 'low', reason: '', prefilled: null }
}

/** Whether a line says something else than the bids do. Without bids there is no such median. */
export function departs({ lo, hi, primary, prefilled }: LineDraft): boolean {
  if (!prefilled || prefilled.bids === 0) return false
  const other = [...primary].sort().join() !== [...prefilled.primary].sort().join()
  return lo !== prefilled.lo || hi !== prefilled.hi || other
}

export function isWrong({ lo, hi, primary }: LineDraft): boolean {
  return lo === '' || hi === '' || lo > hi || !primaryFits(hi, primary)
}

/** What was prefilled in place of what was edited. */
export function restored(line: LineDraft): LineDraft {
  return line.prefilled ? lineOf(line.prefilled, '', line.prefilled) : line
}

/** The first line that is wrong or lacks its reason; a correction has one reason for all. */
export function firstFlaw(
  lines: readonly LineDraft[],
  step: 'conclude' | 'correct',
): { line: LineDraft; why: 'wrong' | 'reason' } | null {
  for (const line of lines) {
    if (isWrong(line)) return { line, why: 'wrong' }
    if (step === 'conclude' && departs(line) && line.reason.trim() === '') return { line, why: 'reason' }
  }
  return null
}

/** Lines as they are sent. */
export function callsToSend(lines: readonly LineDraft[]): CallBody[] {
  return lines.map(({ city, lead, lo, hi, primary, confidence, reason }) => ({
    city,
    lead,
    lo: Number(lo),
    hi: Number(hi),
    primary,
    confidence,
    reason: reason.trim(),
  }))
}
