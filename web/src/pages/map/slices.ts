import type { Area, Situation } from '@/api/types'

/** What the map is coloured by: the index, or one pollutant by its own index. */
export type Measure = string
export const AQI: Measure = 'AQI'

export interface Reading {
  value: number | null
  /** 1 to 6, or 0 for no data. */
  level: number
}

export interface Ranked extends Reading {
  rank: number | null
  area: Area
  primary: string | null
  pm25: number | null
}

/** The class at a place of a string such as `"233-"`. */
export function levelAt(levels: string | undefined, index: number): number {
  return Number(levels?.[index]) || 0
}

export function reading(area: Area, measure: Measure, index: number): Reading {
  if (measure === AQI) return { value: area.aqi[index] ?? null, level: levelAt(area.levels, index) }
  return { value: area.values[measure]?.[index] ?? null, level: levelAt(area.value_levels[measure], index) }
}

/** Best first; equal values share a rank and the next one is skipped; no data comes last, without a rank. */
export function rankAt(areas: Area[], measure: Measure, index: number): Ranked[] {
  const rows = areas.filter((area) => area.in_province).map((area) => unranked(area, measure, index))
  rows.sort((one, other) => (one.value ?? Infinity) - (other.value ?? Infinity))
  return rows.map((row) => ({
    ...row,
    rank: row.value === null ? null : 1 + rows.findIndex((first) => first.value === row.value),
  }))
}

function unranked(area: Area, measure: Measure, index: number): Ranked {
  const primary = area.primary[index] ?? null
  return { ...reading(area, measure, index), rank: null, area, primary, pm25: area.values['PM2_5']?.[index] ?? null }
}

/** The figures of the strip that belong to one hour. */
export function momentAt(situation: Situation, index: number) {
  const rows = rankAt(situation.areas, AQI, index).filter((row) => row.value !== null)
  return {
    province: { value: situation.province.aqi[index] ?? null, level: levelAt(situation.province.levels, index) },
    heavy: rows.filter((row) => row.level >= 5).length,
    cities: rows.length,
    worst: rows.at(-1) ?? null,
  }
}

/** The place of an hour in the payload, or of the as-of hour when it lies outside. */
export function indexOfHour(situation: Situation, hour: string): number {
  const index = situation.hours.indexOf(hour)
  return index < 0 ? situation.as_of_index : index
}
