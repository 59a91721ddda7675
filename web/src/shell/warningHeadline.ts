import type { BannerRow, Named, WarningLevelCode } from '@/api/warningTypes'

const RANK: Record<WarningLevelCode, number> = { yellow: 1, orange: 2, red: 3 }

/** What a banner says of all that holds: the highest level, its first city and how many cities have it. */
export interface Headline {
  level: WarningLevelCode
  first: Named
  cities: number
  exercise: boolean
  /** The one warning, or the list of several. */
  to: string
}

/** Real warnings outdo exercises, a higher level a lower one. Null when nothing holds. */
export function headline(rows: readonly BannerRow[]): Headline | null {
  const real = rows.filter((row) => !row.exercise)
  const shown = real.length ? real : rows
  const top = [...shown].sort((one, other) => RANK[other.level] - RANK[one.level])[0]
  if (!top) return null
  const same = shown.filter((row) => row.level === top.level)
  const cities = new Map(same.flatMap((row) => row.cities.map((city) => [city.code, city] as const)))
  const first = top.cities[0]
  if (!first) return null
  const to = shown.length === 1 ? `/warnings/${top.id}` : '/warnings?state=in_force'
  return { level: top.level, first, cities: cities.size, exercise: top.exercise, to }
}
