import type { Analog, Series } from '@/api/types'

export interface Course {
  days: string[]
  values: Series
  /** How many of them lie before the day that is alike. */
  before: number
}

/** One city's course around an analog: the days that were alike, and what followed. */
export function courseOf(analog: Analog, city: string): Course {
  const before = analog.before[city] ?? analog.days_before.map(() => null)
  const after = analog.after[city] ?? analog.days_after.map(() => null)
  return {
    days: [...analog.days_before, ...analog.days_after],
    values: [...before, ...after],
    before: analog.days_before.length,
  }
}

/** One scale for all small pictures, so that they can be compared: a round number above every value. */
export function commonTop(courses: readonly Course[]): number {
  const highest = Math.max(0, ...courses.flatMap((course) => course.values.map((value) => value ?? 0)))
  return Math.max(50, Math.ceil(highest / 50) * 50)
}

export interface Box {
  width: number
  height: number
  top: number
}

/** Places of the values in a box; null where there is no value. */
export function pointsOf(values: Series, { width, height, top }: Box): ([x: number, y: number] | null)[] {
  const step = width / Math.max(1, values.length - 1)
  return values.map((value, index) => (value === null ? null : [index * step, height - (value / top) * height]))
}

/** A path through the points of `from` to `to`; gaps stay gaps. */
export function pathOf(points: ([number, number] | null)[], from: number, to: number): string {
  let pen = 'M'
  let path = ''
  for (const point of points.slice(from, to + 1)) {
    if (point) path += `${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}`
    pen = point ? 'L' : 'M'
  }
  return path
}
