import type { Interval, RangeScores, ScoreGroup } from '@/api/types'

/** One measure of the table: where it stands in the answer, and how it is written. */
export interface Column {
  /** Key of its name. */
  id: string
  of: (group: ScoreGroup) => number | null
  as: 'unit' | 'share' | 'number'
  digits?: number
  /** Its 95 % bounds. */
  bounds?: (group: ScoreGroup) => Interval | null
}

type Plain = {
  [Key in keyof ScoreGroup]: ScoreGroup[Key] extends number | null ? Key : never
}[keyof ScoreGroup]

const plain = (id: Plain, as: Column['as'], digits?: number): Column => ({ id, of: (group) => group[id], as, digits })
type PlainRange = {
  [Key in keyof RangeScores]: RangeScores[Key] extends number | null ? Key : never
}[keyof RangeScores]

const range = (id: PlainRange, as: Column['as'], digits?: number): Column => ({
  id,
  of: (group) => group.aqi?.[id] ?? null,
  as,
  digits,
})

/** Of a concentration: error, bias, spread; persistence and climatology always beside. */
const CONCENTRATION: readonly Column[] = [
  plain('crps', 'unit', 2),
  plain('crps_persistence', 'unit', 2),
  plain('crps_climatology', 'unit', 2),
  plain('mae', 'unit', 1),
  plain('rmse', 'unit', 1),
  plain('bias', 'unit', 1),
  plain('nmb', 'share'),
  plain('nme', 'share'),
  plain('r', 'number', 2),
  plain('coverage50', 'share'),
  plain('coverage90', 'share'),
  plain('width90', 'unit', 1),
]

/** Of the index: hits with the width beside them, so that wide ranges cannot win. */
const INDEX: readonly Column[] = [
  { ...range('range_hit', 'share'), bounds: (group) => group.aqi?.range_hit_bounds ?? null },
  range('width', 'number', 1),
  {
    ...range('interval_score', 'number', 1),
    bounds: (group) => group.aqi?.interval_score_bounds ?? null,
  },
  range('level_hit', 'share'),
  range('level_hit_single', 'share'),
  range('level_hit_cross', 'share'),
  range('half_level_hit', 'share'),
  range('primary_hit', 'share'),
  range('over', 'share'),
  range('under', 'share'),
  range('bias', 'number', 1),
]

export const columnsOf = (pollutant: string): readonly Column[] => (pollutant === 'AQI' ? INDEX : CONCENTRATION)
