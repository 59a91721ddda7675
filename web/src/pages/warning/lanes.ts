import type { CoursePoint, IssuedView, LevelView, TermsBody, WarningDetail, WarningLevelCode } from '@/api/warningTypes'
import { addHours, hoursBetween } from '@/time'

/** The time that all lanes share. */
export interface Span {
  from: string
  to: string
}

/** A stretch of time in which a level holds or is proposed. */
export interface Bar extends Span {
  level: WarningLevelCode
  kind: 'held' | 'drafted'
  /** The document it stands in; empty for a draft. */
  document: string
}

const earliest = (hours: readonly string[]) =>
  hours.reduce((one, other) => (Date.parse(one) <= Date.parse(other) ? one : other))
const latest = (hours: readonly string[]) =>
  hours.reduce((one, other) => (Date.parse(one) >= Date.parse(other) ? one : other))

/** From the first to the last moment that any lane speaks of; at least a day. */
export function spanOf(warning: WarningDetail): Span {
  const terms = [...warning.issued.map((one) => one.draft.terms), ...(warning.draft ? [warning.draft.terms] : [])]
  const moments = [
    warning.basis.run.issue_time,
    ...warning.basis.cities.flatMap(({ course }) => [course[0], course.at(-1)].flatMap((point) => point?.hour ?? [])),
    ...terms.flatMap(({ start, end }) => [start, end]),
  ]
  const from = earliest(moments)
  const to = latest(moments)
  return hoursBetween(from, to) >= 24 ? { from, to } : { from, to: addHours(from, 24) }
}

/** Place of a moment in the span, percent, kept inside. */
export function place(moment: string, { from, to }: Span): number {
  const share = (Date.parse(moment) - Date.parse(from)) / (Date.parse(to) - Date.parse(from))
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100
}

export const inside = (moment: string, { from, to }: Span) =>
  Date.parse(moment) >= Date.parse(from) && Date.parse(moment) <= Date.parse(to)

/** Every midnight in the span, thinned so that at most twelve are named. */
export function days(span: Span): string[] {
  const first = `${addHours(span.from, 24).slice(0, 10)}T00:00:00+08:00`
  const count = Math.max(0, Math.floor(hoursBetween(first, span.to) / 24) + 1)
  const step = Math.ceil(count / 12) || 1
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => addHours(first, index * step * 24))
}

/** How high a lane reaches: everything fits, a threshold never sticks to the edge, and 500 is the end of the index. */
export function topOf(courses: readonly (readonly CoursePoint[])[], thresholds: readonly number[]): number {
  const highest = Math.max(
    100,
    ...courses.flat().map((point) => point.q90 ?? point.q50 ?? 0),
    ...thresholds.map((one) => one + 20),
  )
  return Math.min(500, Math.ceil(highest / 50) * 50)
}

const height = (value: number, top: number) => Math.round((1 - Math.min(value, top) / top) * 10_000) / 100

/** Height of a value in a lane, percent from above. */
export const heightOf = height

/** The stretches of a course without a gap: what is missing is never joined. */
function stretches<Point>(points: readonly Point[], known: (point: Point) => boolean): Point[][] {
  const found: Point[][] = [[]]
  for (const point of points) {
    if (known(point)) found.at(-1)?.push(point)
    else if (found.at(-1)?.length) found.push([])
  }
  return found.filter((stretch) => stretch.length > 1)
}

/** The median as a path in a field of 100 × 100. */
export function medianPath(course: readonly CoursePoint[], span: Span, top: number): string {
  return stretches(course, (point) => point.q50 !== null)
    .map(
      (stretch) => `M${stretch.map((point) => `${place(point.hour, span)} ${height(point.q50 ?? 0, top)}`).join('L')}`,
    )
    .join('')
}

/** The band between the 10th and the 90th percentile, as closed paths. */
export function bandPath(course: readonly CoursePoint[], span: Span, top: number): string {
  return stretches(course, (point) => point.q10 !== null && point.q90 !== null)
    .map((stretch) => {
      const upper = stretch.map((point) => `${place(point.hour, span)} ${height(point.q90 ?? 0, top)}`)
      const lower = stretch.map((point) => `${place(point.hour, span)} ${height(point.q10 ?? 0, top)}`).reverse()
      return `M${[...upper, ...lower].join('L')}Z`
    })
    .join('')
}

/** When what a document says ends because of the next one: a lift ends at its end, a withdrawal at once. */
function cutBy(next: IssuedView | undefined): string | null {
  if (!next) return null
  if (next.draft.change === 'lift') return next.draft.terms.end
  return next.draft.change === 'withdraw' ? next.at : next.draft.terms.start
}

/** What holds and what is proposed for one city. */
export function barsOf(warning: Pick<WarningDetail, 'issued' | 'draft'>, city: string): Bar[] {
  const held = warning.issued.flatMap((one, index): Bar[] => {
    const { terms, change } = one.draft
    if (ends(change) || !terms.cities.includes(city)) return []
    const cut = cutBy(warning.issued[index + 1])
    const to = cut ? earliest([terms.end, cut]) : terms.end
    return whole({ level: terms.level, from: terms.start, to, kind: 'held', document: one.document })
  })
  const draft = warning.draft
  const drafted =
    draft && !ends(draft.change) && draft.terms.cities.includes(city) ? whole(draftedBar(draft.terms)) : []
  return [...held, ...drafted]
}

const ends = (change: string) => change === 'lift' || change === 'withdraw'
const draftedBar = (terms: TermsBody): Bar => ({
  level: terms.level,
  from: terms.start,
  to: terms.end,
  kind: 'drafted',
  document: '',
})
/** A stretch that was cut before it began is none. */
const whole = (bar: Bar): Bar[] => (Date.parse(bar.from) < Date.parse(bar.to) ? [bar] : [])

/** The index values that the plan's rules speak of, ascending. */
export function thresholdsOf(levels: readonly Pick<LevelView, 'thresholds'>[]): number[] {
  return [...new Set(levels.flatMap((level) => level.thresholds))].sort((one, other) => one - other)
}

/** The cities with a lane: those that a document or the draft names, then those the plan proposes. */
export function laneCities(warning: WarningDetail): string[] {
  const named = [...warning.issued.map((one) => one.draft), ...(warning.draft ? [warning.draft] : [])]
  const proposed = warning.basis.cities.filter((city) => city.level !== null).map(({ city }) => city.code)
  return [...new Set([...named.flatMap((one) => one.terms.cities).sort(), ...proposed])]
}
