import { describe, expect, it } from 'vitest'
import type { CoursePoint } from '@/api/warningTypes'
import { bandPath, barsOf, days, heightOf, laneCities, medianPath, place, spanOf, thresholdsOf, topOf } from './lanes'
import { at, basis, draft, issued, terms, warning } from './warningCases'

const point = (hour: string, q50: number | null, spread = 10): CoursePoint => ({
  hour,
  q10: q50 === null ? null : q50 - spread,
  q50,
  q90: q50 === null ? null : q50 + spread,
})
const cityOf = (code: string, course: CoursePoint[], level: 'orange' | null = 'orange') => ({
  city: { code, name: code, name_en: code },
  level,
  start: null,
  end: null,
  rule: '',
  rule_en: '',
  probability: { yellow: null, orange: null, red: null },
  late: false,
  again: null,
  course,
  official: [],
})
const DAY = { from: at(15), to: at(16) }

describe('the time of the lanes', () => {
  it('reaches from the run to the last hour of course, documents and draft', () => {
    const one = warning({
      basis: basis({ cities: [cityOf('320300', [point(at(14, 9), 100), point(at(17), 120)])] }),
      issued: [issued('issue', { end: at(18) })],
      draft: draft('extend', { terms: terms({ end: at(20) }) }),
    })
    expect(spanOf(one)).toEqual({ from: at(14, 8), to: at(20) })
  })

  it('is a day at least', () => expect(spanOf(warning())).toEqual({ from: at(14, 8), to: at(15, 8) }))

  it('places moments in percent and keeps what lies outside at the edge', () =>
    expect([at(15), at(15, 6), at(16), at(14), at(17)].map((moment) => place(moment, DAY))).toEqual([
      0, 25, 100, 0, 100,
    ]))

  it('names each midnight inside, the last moment too, and thins many', () => {
    expect(days({ from: at(14, 8), to: at(16) })).toEqual([at(15), at(16)])
    expect(days({ from: at(14, 8), to: at(14, 23) })).toEqual([])
    expect(days({ from: at(1, 8), to: at(15, 8) })).toHaveLength(7)
  })
})

describe('a course', () => {
  it('is never joined over a gap', () => {
    const course = [
      point(at(15), 100),
      point(at(15, 6), 150),
      point(at(15, 12), null),
      point(at(15, 18), 50),
      point(at(16), 200),
    ]
    expect(medianPath(course, DAY, 200)).toBe('M0 50L25 25M75 75L100 0')
    expect(bandPath(course, DAY, 200).match(/M/g)).toHaveLength(2)
  })

  it('draws nothing of a single hour, and nothing of none', () => {
    expect(medianPath([point(at(15), 100), point(at(15, 6), null)], DAY, 200)).toBe('')
    expect(bandPath([], DAY, 200)).toBe('')
  })

  it('closes the band from the upper edge back along the lower', () =>
    expect(bandPath([point(at(15), 100), point(at(16), 100)], DAY, 200)).toBe('M0 45L100 45L100 55L0 55Z'))

  it('fits in the lane with room above the thresholds, and 500 is the end', () => {
    expect(topOf([], [])).toBe(100)
    expect(topOf([], [150, 200])).toBe(250)
    expect(topOf([[point(at(15), 300, 0)]], [200])).toBe(300)
    expect(topOf([[point(at(15), 301, 0)]], [200])).toBe(350)
    expect(topOf([[point(at(15), 490, 20)]], [499])).toBe(500)
    expect([heightOf(0, 200), heightOf(200, 200), heightOf(300, 200)]).toEqual([100, 0, 0])
  })
})

describe('the bars of a city', () => {
  const stretches = (one: Parameters<typeof barsOf>[0], city = '320300') =>
    barsOf(one, city).map((bar) => [bar.kind, bar.level, bar.from, bar.to])

  it('show what was issued until the next document begins', () => {
    const one = warning({ issued: [issued('issue'), issued('raise', { level: 'red', start: at(16), end: at(19) })] })
    expect(stretches(one)).toEqual([
      ['held', 'orange', at(15), at(16)],
      ['held', 'red', at(16), at(19)],
    ])
  })

  it('end with the end of a lift, and at once with a withdrawal', () => {
    expect(stretches(warning({ issued: [issued('issue'), issued('lift', { end: at(17, 8) })] }))).toEqual([
      ['held', 'orange', at(15), at(17, 8)],
    ])
    expect(stretches(warning({ issued: [issued('issue'), issued('withdraw', {}, at(15, 3))] }))).toEqual([
      ['held', 'orange', at(15), at(15, 3)],
    ])
  })

  it('leave out what was taken back before it began, and cities that are not named', () => {
    expect(stretches(warning({ issued: [issued('issue'), issued('withdraw', {}, at(14, 22))] }))).toEqual([])
    expect(stretches(warning({ issued: [issued('issue')] }), '320100')).toEqual([])
  })

  it('show a draft beside, but no bar of a lift under way', () => {
    const held = [issued('issue')]
    expect(stretches(warning({ issued: held, draft: draft('raise', { terms: terms({ level: 'red' }) }) }))).toEqual([
      ['held', 'orange', at(15), at(18)],
      ['drafted', 'red', at(15), at(18)],
    ])
    expect(stretches(warning({ issued: held, draft: draft('lift') }))).toHaveLength(1)
  })
})

describe('which lanes and thresholds', () => {
  it('are those of the cities that are warned, then those proposed beside', () => {
    const one = warning({
      draft: draft('issue', { terms: terms({ cities: ['320800', '320300'] }) }),
      basis: basis({ cities: [cityOf('320100', [], null), cityOf('320300', []), cityOf('321300', [])] }),
    })
    expect(laneCities(one)).toEqual(['320300', '320800', '321300'])
  })

  it('are the values that the rules of the plan name, each once', () =>
    expect(thresholdsOf([{ thresholds: [200] }, { thresholds: [200, 300] }, { thresholds: [] }])).toEqual([200, 300]))
})
