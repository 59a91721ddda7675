/** Shapes of the forecast pages: forecasts, episodes, verification. Region codes and times are written as everywhere. */
import type { Stamp } from './types'

export interface Bilingual {
  text: string
  text_en: string
}
export interface Region {
  code: string
  name: string
  name_en: string
}
export interface Spread {
  q05: number | null
  q25: number | null
  q50: number | null
  q75: number | null
  q95: number | null
}

export interface ForecastTable {
  stamp: Stamp
  issue_time: string
  model: { id: string; trained_until: string }
  members: number
  standard: string
  issues: string[]
  days: string[]
  cities: CityForecastRow[]
  range_rule: { id: string; title: string; title_en: string; confidence: string }
  notes: Bilingual[]
}
export interface CityForecastRow extends Region {
  left_out: boolean
  flags: (Bilingual & { code: string })[]
  days: CityForecastDay[]
  event48: { first_day: string; raw: number | null; calibrated: number | null } | null
}
export interface CityForecastDay {
  lead_day: number
  date: string
  aqi: Spread & { lo: number | null; hi: number | null }
  levels: number[]
  level: number | null
  primary: string[]
  p_aqi100: number | null
  p_aqi150: number | null
  p_aqi200: number | null
  p_aqi300: number | null
  standard: string
  /** Null where a pollutant is not forecast. */
  pollutants: Record<string, (Spread & { mean: number | null }) | null>
}

/** Of the region when there is no code. */
export interface RunChange extends Omit<Region, 'code'> {
  code: string | null
  /** Null of an episode's days. */
  date: string | null
  what: string
  from: number | string | number[] | null
  to: number | string | number[] | null
}
export interface RunChanges extends Bilingual {
  issue_time: string
  previous_issue: string | null
  changes: RunChange[]
  reasons: (Bilingual & { kind: string })[]
  /** Codes of cities whose largest change nothing explains. */
  unexplained: string[]
}

export interface SkillInterval {
  value: number | null
  low: number | null
  high: number | null
  weeks: number
}
export interface ModelScore {
  pollutant: string
  lead_day: number
  season: string
  cases: number
  crps: number | null
  crps_persistence: number | null
  crps_climatology: number | null
  skill_climatology: SkillInterval
  mae: number | null
  coverage50: number | null
  coverage90: number | null
}
export interface ForecastModel {
  id: string
  issue_label: number
  trained_from: string
  trained_until: string
  issue_days: number
  cities: string[]
  pollutants: string[]
  features: { name: string; size: number }[]
  scores: ModelScore[]
  in_use: boolean
}

export interface Episodes {
  stamp: Stamp
  issue_time: string
  definition: {
    id: string
    title: string
    title_en: string
    measure: string
    bound: number
    fewest_days: number
    gap_days: number
    fewest_cities: number
  }
  observed: ObservedEpisode[]
  forecast: ForecastEpisode[]
}
interface EpisodeScope {
  scope: 'city' | 'region'
  code: string | null
  name: string
  name_en: string
}
export interface ObservedEpisode extends EpisodeScope {
  onset: string
  peak_day: string
  peak_value: number | null
  end: string | null
  cities: string[]
}
export interface DaySpread {
  q10: string | null
  q50: string | null
  q90: string | null
  mode?: string | null
  /** Share of the members whose course runs past the horizon. */
  beyond?: number | null
}
export interface ForecastEpisode extends EpisodeScope, Bilingual {
  probability: number | null
  already_going: boolean
  onset: DaySpread | null
  peak_day: DaySpread | null
  peak_value: { q10: number | null; q50: number | null; q90: number | null } | null
  end: DaySpread | null
}

export interface Analogs {
  stamp: Stamp
  issue_time: string
  items: Analog[]
  mean_after: Record<string, (number | null)[]>
  unit: string
}
export interface Analog extends Bilingual {
  date: string
  similarity: number | null
  distance: number | null
  before: Record<string, (number | null)[]>
  after: Record<string, (number | null)[]>
  days_before: string[]
  days_after: string[]
  episode: ObservedEpisode | null
  notes: { text: string; time: string; source: string }[]
}

export interface Verification {
  stamp: Stamp
  from: string
  to: string
  by: string
  pollutant: string
  unit: string
  source: string
  groups: ScoreGroup[]
  joint: {
    energy: number | null
    variogram: number | null
    event48: { brier_skill: number | null; observed: number | null; said: number | null }
  } | null
  definitions: (Bilingual & { measure: string; project: boolean })[]
}
export interface ScoreGroup {
  key: string
  name: string
  name_en: string
  cases: number
  crps: number | null
  crps_climatology: number | null
  crps_persistence: number | null
  skill: SkillInterval | null
  mae: number | null
  rmse: number | null
  bias: number | null
  nmb: number | null
  nme: number | null
  r: number | null
  coverage50: number | null
  coverage90: number | null
  width90: number | null
  /** Shares between five quantiles. */
  pit: (number | null)[] | null
  aqi: RangeScores | null
  events: EventScores[]
}
export interface RangeScores {
  range_hit: number | null
  level_hit: number | null
  level_hit_single: number | null
  level_hit_cross: number | null
  half_level_hit: number | null
  primary_hit: number | null
  over: number | null
  under: number | null
  bias: number | null
  width: number | null
  interval_score: number | null
}
export interface EventScores {
  bound: number
  threshold: number | null
  hits: number
  misses: number
  false_alarms: number
  pod: number | null
  far: number | null
  ts: number | null
  brier: number | null
  brier_skill: number | null
  reliability: number | null
  resolution: number | null
  uncertainty: number | null
  bins: { p: number | null; observed: number | null; count: number }[]
  roc_area: number | null
}

export interface Scorecards {
  stamp: Stamp
  month: string
  rows: ScorecardRow[]
}
export interface ScorecardRow {
  kind: 'forecaster' | 'model' | 'conclusion'
  id: string
  name: string
  /** Null over all cities. */
  city: string | null
  city_name: string
  city_name_en: string
  cases: number
  range_hit: number | null
  level_hit: number | null
  primary_hit: number | null
  width: number | null
  interval_score: number | null
  bias: number | null
  rank: number | null
}
