import { describe, expect, it } from 'vitest'
import type { Area, Situation } from '@/api/types'
import { AQI, indexOfHour, levelAt, momentAt, rankAt, reading } from './slices'

function area(code: string, aqi: (number | null)[], levels: string, inProvince = true): Area {
  return {
    code,
    name: code,
    name_en: code,
    in_province: inProvince,
    centre: [118, 32],
    aqi,
    levels,
    primary: aqi.map(() => 'PM2_5'),
    values: { PM2_5: aqi.map((value) => (value === null ? null : value / 2)) },
    value_levels: { PM2_5: levels },
    flags: {},
    q25: [],
    q75: [],
  } as Area
}

const areas = [
  area('320100', [120, 60], '32'),
  area('320200', [120, null], '3-'),
  area('320300', [230, 210], '55'),
  area('320400', [40, 320], '16'),
  area('310000', [10, 10], '11', false),
]
const situation = {
  as_of: '2018-01-13T20:00:00+08:00',
  as_of_index: 0,
  hours: ['2018-01-13T20:00:00+08:00', '2018-01-13T21:00:00+08:00'],
  areas,
  province: { aqi: [128, 197], levels: '34' },
} as unknown as Situation

describe('one hour of the payload', () => {
  it('reads the index or one pollutant with its own class', () => {
    expect(reading(areas[2]!, AQI, 0)).toEqual({ value: 230, level: 5 })
    expect(reading(areas[2]!, 'PM2_5', 1)).toEqual({ value: 105, level: 5 })
    expect(reading(areas[1]!, AQI, 1)).toEqual({ value: null, level: 0 })
    expect(reading(areas[0]!, 'SO2', 0)).toEqual({ value: null, level: 0 })
  })

  it('takes a dash, and whatever lies outside, for no data', () => {
    expect(levelAt('2-', 1)).toBe(0)
    expect(levelAt('2-', 9)).toBe(0)
    expect(levelAt(undefined, 0)).toBe(0)
  })

  it('shares a rank between equals and skips the next; neighbours are not ranked', () => {
    const rows = rankAt(areas, AQI, 0)
    expect(rows.map((row) => [row.area.code, row.rank])).toEqual([
      ['320400', 1],
      ['320100', 2],
      ['320200', 2],
      ['320300', 4],
    ])
  })

  it('puts a city without data last, without a rank', () => {
    const last = rankAt(areas, AQI, 1).at(-1)
    expect([last?.area.code, last?.rank]).toEqual(['320200', null])
  })

  it('counts heavy cities and names the worst of the hour', () => {
    expect(momentAt(situation, 0)).toMatchObject({ heavy: 1, cities: 4, province: { value: 128, level: 3 } })
    const later = momentAt(situation, 1)
    expect(later).toMatchObject({ heavy: 2, cities: 3 })
    expect(later.worst?.area.code).toBe('320400')
  })

  it('falls back to the as-of hour when the wanted one is outside', () => {
    expect(indexOfHour(situation, '2018-01-13T21:00:00+08:00')).toBe(1)
    expect(indexOfHour(situation, '2019-01-01T00:00:00+08:00')).toBe(0)
    expect(indexOfHour(situation, '')).toBe(0)
  })
})
