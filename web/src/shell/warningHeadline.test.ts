import { describe, expect, it } from 'vitest'
import type { BannerRow, WarningLevelCode } from '@/api/warningTypes'
import { ageMinutes, wallRows } from '@/pages/wall/wallRows'
import { headline } from './warningHeadline'

const row = (id: string, level: WarningLevelCode, exercise: boolean, ...cities: string[]): BannerRow => ({
  id,
  code: id,
  level,
  exercise,
  demonstration: exercise,
  cities: cities.map((code) => ({ code, name: code, name_en: code })),
  start: '2018-01-15T00:00:00+08:00',
  end: '2018-01-17T00:00:00+08:00',
  document: '〔2018〕1 号',
})

describe('the banner', () => {
  it('says nothing when nothing holds', () => expect(headline([])).toBeNull())

  it('names the highest level, its first city and each city once', () => {
    const told = headline([
      row('a', 'yellow', false, '南京'),
      row('b', 'orange', false, '徐州', '宿迁'),
      row('c', 'orange', false, '宿迁'),
    ])
    expect(told).toMatchObject({ level: 'orange', first: { code: '徐州' }, cities: 2, exercise: false })
    expect(told?.to).toBe('/warnings?state=in_force')
  })

  it('leads to the one warning, and an exercise never hides a real one', () => {
    const told = headline([row('a', 'red', true, '南京'), row('b', 'yellow', false, '徐州')])
    expect(told).toMatchObject({ level: 'yellow', exercise: false, to: '/warnings/b' })
    expect(headline([row('a', 'red', true, '南京')])).toMatchObject({ exercise: true, to: '/warnings/a' })
  })
})

describe('the wall', () => {
  it('shows what is real before exercises, and the higher level first', () => {
    const rows = [row('a', 'red', true), row('b', 'yellow', false), row('c', 'orange', false)]
    expect(wallRows(rows).map((one) => one.id)).toEqual(['c', 'b', 'a'])
  })

  it('counts whole minutes since it last heard, and none before', () =>
    expect([ageMinutes(null, 5), ageMinutes(0, 59_999), ageMinutes(0, 60_000), ageMinutes(5, 0)]).toEqual([
      null,
      0,
      1,
      0,
    ]))
})
