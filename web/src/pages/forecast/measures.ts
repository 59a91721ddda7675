import type { CityForecastDay, CityForecastRow } from '@/api/types'

/** What the matrix can show: the index, a pollutant's quantiles, or the probability of an exceedance. */
export const POLLUTANTS = ['PM2_5', 'PM10', 'O3_8h', 'NO2', 'SO2', 'CO'] as const
export const PROBABILITIES = ['p100', 'p150', 'p200', 'p300'] as const
export type Pollutant = (typeof POLLUTANTS)[number]
export type Probability = (typeof PROBABILITIES)[number]
export type Measure = 'aqi' | Pollutant | Probability

export const MEASURES: readonly Measure[] = ['aqi', ...POLLUTANTS, ...PROBABILITIES]

export const isProbability = (measure: Measure): measure is Probability =>
  (PROBABILITIES as readonly string[]).includes(measure)

/** The probability that a cell shows; null when it is not known. */
export function probability(day: CityForecastDay, measure: Probability): number | null {
  return {
    p100: day.p_aqi100,
    p150: day.p_aqi150,
    p200: day.p_aqi200,
    p300: day.p_aqi300,
  }[measure]
}

/** Depth of the tint behind a probability: 0 for unknown, 1 below 5 %, then deeper to 5. */
export function probabilityStep(share: number | null): number {
  if (share === null) return 0
  return [0.05, 0.3, 0.5, 0.75].filter((bound) => share >= bound).length + 1
}

/** The city that is looked at until somebody chooses: the worst median of the first day with one. */
export function worstCity(cities: readonly CityForecastRow[]): string {
  const firstOf = (city: CityForecastRow) => city.days[0]?.aqi.q50 ?? -1
  return [...cities].sort((one, other) => firstOf(other) - firstOf(one))[0]?.code ?? ''
}
