import { describe, expect, it } from 'vitest'
import type { Analog, Analogs, ForecastEpisode } from '@/api/types'
import { commonTop, courseOf, pathOf, pointsOf } from './analogCourse'
import { firstCity, likeliestFirst } from './useEpisodesPage'

const episode = (scope: 'city' | 'region', code: string | null, probability: number | null) =>
  ({ scope, code, probability }) as ForecastEpisode
const analog = {
  days_before: ['2017-12-28', '2017-12-29'],
  days_after: ['2017-12-30', '2017-12-31'],
  before: { '320300': [110, 132] },
  after: { '320300': [171, null] },
} as unknown as Analog

describe('episodes ahead', () => {
  it('stand with the region first, then the likeliest, then the unknown', () => {
    const sorted = likeliestFirst([
      episode('city', '320500', null),
      episode('city', '320100', 0.2),
      episode('region', null, 0.1),
      episode('city', '320300', 0.7),
    ])
    expect(sorted.map((one) => one.code)).toEqual([null, '320300', '320100', '320500'])
  })

  it('show the likeliest city that the analogs know', () => {
    const ahead = [episode('city', '320100', 0.8), episode('city', '320300', 0.4)]
    expect(firstCity(ahead, { items: [analog] } as unknown as Analogs)).toBe('320300')
    expect(firstCity([], { items: [analog] } as unknown as Analogs)).toBe('320300')
    expect(firstCity(ahead, null)).toBe('')
  })
})

describe('the course around an analog', () => {
  it('joins the days before and after', () => {
    const course = courseOf(analog, '320300')
    expect(course.values).toEqual([110, 132, 171, null])
    expect(course.before).toBe(2)
    expect(commonTop([course])).toBe(200)
  })

  it('is a gap for a city without values, never zero', () => {
    const course = courseOf(analog, '320100')
    expect(course.values).toEqual([null, null, null, null])
    expect(pathOf(pointsOf(course.values, { width: 90, height: 40, top: 100 }), 0, 3)).toBe('')
  })

  it('breaks the line at a gap', () => {
    const points = pointsOf([0, 50, null, 100], { width: 90, height: 40, top: 100 })
    expect(points).toEqual([[0, 40], [30, 20], null, [90, 0]])
    expect(pathOf(points, 0, 3)).toBe('M0.0 40.0L30.0 20.0M90.0 0.0')
  })
})
