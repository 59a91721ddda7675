import { describe, expect, it } from 'vitest'
import type { CityForecastDay, CityForecastRow } from '@/api/types'
import { isProbability, probability, probabilityStep, worstCity } from './measures'

const day = { p_aqi100: 0.9, p_aqi150: 0.54, p_aqi200: 0.2, p_aqi300: null } as CityForecastDay
const city = (code: string, q50: number | null) =>
  ({ code, days: q50 === null ? [] : [{ aqi: { q50 } }] }) as unknown as CityForecastRow

describe('the measures of the matrix', () => {
  it('tells probabilities from concentrations', () => {
    expect(['aqi', 'PM2_5', 'p150'].map((one) => isProbability(one as 'aqi'))).toEqual([false, false, true])
    expect(probability(day, 'p150')).toBe(0.54)
    expect(probability(day, 'p300')).toBeNull()
  })

  it('deepens the tint at each bound, and keeps the unknown apart from the unlikely', () => {
    expect([null, 0, 0.049, 0.05, 0.3, 0.5, 0.75, 1].map(probabilityStep)).toEqual([0, 1, 1, 2, 3, 4, 5, 5])
  })
})

describe('the city that is looked at first', () => {
  it('is the worst of the first day, and a city without a forecast is not bad', () => {
    expect(worstCity([city('320100', 88), city('320300', 152), city('320500', null)])).toBe('320300')
    expect(worstCity([city('320500', null), city('320100', 30)])).toBe('320100')
    expect(worstCity([])).toBe('')
  })
})
