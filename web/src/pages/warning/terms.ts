import type { Change, ChangeAction, DraftView, TermsBody, WarningDetail } from '@/api/warningTypes'

export const CHANGES: readonly Change[] = ['raise', 'lower', 'extend', 'lift', 'withdraw']

/** Where the words of a change ask for more than terms. */
export const mustSayWhy = (change: Change) => change === 'withdraw'

/** A lift and a withdrawal take everything back: only the end is decided. */
export const onlyEnd = (change: Change) => change === 'lift' || change === 'withdraw'

/** The terms a dialog begins with: what the newest check gives, else what holds; `end` when it was chosen beside. */
export function prefilled(warning: WarningDetail, action: Pick<ChangeAction, 'terms'>, end?: string): TermsBody | null {
  const base = action.terms ?? warning.terms
  if (!base) return null
  return { ...base, cities: [...base.cities], ...(end ? { end } : {}) }
}

/** The terms of a draft that is written anew. */
export const ofDraft = (draft: DraftView): TermsBody => ({ ...draft.terms, cities: [...draft.terms.cities] })

/** Why terms cannot be sent, as a key of the words; null when they can. The server checks the rest. */
export function termsFault(terms: TermsBody): string | null {
  if (terms.cities.length === 0) return 'warning.fault.no_city'
  if (!terms.start || !terms.end) return 'warning.fault.no_time'
  if (Date.parse(terms.end) <= Date.parse(terms.start)) return 'warning.fault.end_first'
  return null
}

/** The same terms, whatever the order of their cities. */
export function sameTerms(one: TermsBody, other: TermsBody): boolean {
  const key = (terms: TermsBody) =>
    [terms.level, terms.cause, terms.start, terms.end, ...[...terms.cities].sort()].join(' ')
  return key(one) === key(other)
}
