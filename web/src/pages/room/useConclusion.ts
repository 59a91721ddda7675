import type { DayCall, Prefilled } from '@/api/contractRooms'
import { primaryFits } from './calls'

/** A line while the chair works on it; `prefilled` is what the bids, or without any the run, give. */
export interface LineDraft extends Omit<DayCall, 'lo' | 'hi'> {
  lo: number | ''
  hi: number | ''
  prefilled: Prefilled | null
}

/** Where the conclusion begins: at what is concluded already, or at what is prefilled. */
export function draftLines(
  prefilled: readonly Prefilled[],
  concluded: readonly DayCall[] | null,
  leads: readonly number[],
): LineDraft[] {
  const given = (city: string, lead: number) => prefilled.find((one) => one.city === city && one.lead === lead) ?? null
  const start: readonly DayCall[] = concluded ?? prefilled.map((one) => ({ ...one, reason: '' }))
  return start
    .filter((one) => concluded !== null || leads.includes(one.lead))
    .map(({ city, lead, lo, hi, primary, confidence, reason }) => ({
      city,
      lead,
      lo,
      hi,
      primary: [...primary],
      confidence,
      reason,
      prefilled: given(city, lead),
    }))
}

/** Whether a line says something else than the bids do: then it needs a reason. Without bids there is no such median. */
export function departs({ lo, hi, primary, prefilled }: LineDraft): boolean {
  if (!prefilled || prefilled.bids === 0) return false
  return (
    lo !== prefilled.lo || hi !== prefilled.hi || [...primary].sort().join() !== [...prefilled.primary].sort().join()
  )
}

export function isWrong({ lo, hi, primary }: LineDraft): boolean {
  return lo === '' || hi === '' || lo > hi || !primaryFits(hi, primary)
}

/** What was prefilled in place of what was edited. */
export function restored(line: LineDraft): LineDraft {
  const given = line.prefilled
  if (!given) return line
  const { lo, hi, confidence } = given
  return { ...line, lo, hi, confidence, primary: [...given.primary], reason: '' }
}

/** The first line that is wrong or lacks its reason; null when the conclusion can be sent. */
export function firstFlaw(lines: readonly LineDraft[]): { line: LineDraft; why: 'wrong' | 'reason' } | null {
  for (const line of lines) {
    if (isWrong(line)) return { line, why: 'wrong' }
    if (departs(line) && line.reason.trim() === '') return { line, why: 'reason' }
  }
  return null
}

/** Lines as they are sent. */
export function callsToSend(lines: readonly LineDraft[]): DayCall[] {
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
