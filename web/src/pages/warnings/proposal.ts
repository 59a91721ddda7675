import type { NewWarning, ProposalRun, ProposedCity, TermsBody, WarningLevelCode } from '@/api/warningTypes'
import { LEVELS, rankOf } from './warningWords'

/** Proposed cities first, the highest level first; then the likelier to be warned. */
export function ordered(cities: readonly ProposedCity[]): ProposedCity[] {
  const yellow = (city: ProposedCity) => city.probability.yellow ?? -1
  return [...cities].sort(
    (one, other) =>
      rankOf(other.level) - rankOf(one.level) || yellow(other) - yellow(one) || one.city.localeCompare(other.city),
  )
}

/** The terms to begin with: those of the highest level, which a person may still lower. */
export function firstTerms(ready: readonly TermsBody[]): TermsBody | null {
  return [...ready].sort((one, other) => rankOf(other.level) - rankOf(one.level))[0] ?? null
}

/** One run in the consistency strip. */
export interface StripCell {
  issue: string
  level: WarningLevelCode | null
  /** Whether it says something else than the run before it. */
  changed: boolean
}

/** 起报一致性: the last runs, oldest first, with each change of mind marked. */
export function strip(runs: readonly ProposalRun[]): StripCell[] {
  const inOrder = [...runs].sort((one, other) => Date.parse(one.issue_time) - Date.parse(other.issue_time))
  return inOrder.map((run, index) => ({
    issue: run.issue_time,
    level: run.level,
    changed: index > 0 && inOrder[index - 1]?.level !== run.level,
  }))
}

/** Bars of the probability to meet each level or a higher one; null where it is not known. */
export function bars(city: Pick<ProposedCity, 'probability'>) {
  return LEVELS.map((level) => ({ level, share: city.probability[level] ?? null }))
}

/** What is sent: trimmed, cities each once, the plan only of an exercise. */
export function newWarning(draft: NewWarning): NewWarning {
  const { terms, exercise, plan, ...rest } = draft
  return {
    ...rest,
    exercise,
    reason: draft.reason.trim(),
    terms: { ...terms, cities: [...new Set(terms.cities)].sort() },
    ...(exercise && plan ? { plan } : {}),
  }
}
