import { describe, expect, it } from 'vitest'
import type { EventScores, ScoreGroup } from '@/api/types'
import { readTokens } from '@/tokens'
import { reliabilityOption, roomFor, widthOption } from './scoreOptions'
import { chosenGroup, eventOf, EXPECTED_RANKS, lastMonth, rankShares } from './useVerificationPage'

const group = (key: string, cases: number, more: Partial<ScoreGroup> = {}) =>
  ({ key, name: key, cases, events: [], pit: [], ...more }) as unknown as ScoreGroup
const words = { axis: 'p', other: 'o', hover: () => document.createElement('div') }
const dataOf = (option: object, id: string) =>
  (option as { series: { id: string; data: unknown }[] }).series.find((one) => one.id === id)?.data

describe('the group whose diagrams are shown', () => {
  it('is the one asked for, or else the first with cases', () => {
    const groups = [group('1', 0), group('2', 12), group('3', 9)]
    expect(chosenGroup(groups, '3')?.key).toBe('3')
    expect(chosenGroup(groups, 'gone')?.key).toBe('2')
    expect(chosenGroup([group('1', 0)], '')?.key).toBe('1')
    expect(chosenGroup([], '')).toBeNull()
  })

  it('has the event of the bound, or none', () => {
    const with150 = group('1', 3, { events: [{ bound: 150 } as EventScores] })
    expect(eventOf(with150, 150)?.bound).toBe(150)
    expect(eventOf(with150, 200)).toBeNull()
    expect(eventOf(null, 150)).toBeNull()
  })
})

describe('the rank histogram', () => {
  it('shares out the cases beside what a right spread gives', () => {
    expect(rankShares([5, 20, 25, 25, 20, 5])).toEqual(EXPECTED_RANKS)
    expect(EXPECTED_RANKS.reduce((sum, share) => sum + share)).toBeCloseTo(1)
  })

  it('is not flat but absent without cases', () => {
    expect(rankShares([0, 0, 0, 0, 0, 0])).toBeNull()
    expect(rankShares([])).toBeNull()
    expect(rankShares(null)).toBeNull()
    expect(rankShares([null, 1, 1, null, 0, 0])).toEqual([0, 0.5, 0.5, 0, 0, 0])
  })
})

describe('the month of the scorecards', () => {
  it('is that of the last day that is over', () => {
    expect(lastMonth('2018-01-14')).toBe('2018-01')
    expect(lastMonth('2018-01-01')).toBe('2017-12')
  })
})

describe('the reliability diagram', () => {
  const bins = [
    { p: 0.05, observed: 0.04, count: 900 },
    { p: 0.5, observed: null, count: 0 },
    { p: 0.9, observed: 0.8, count: 9 },
  ]

  it('leaves out what never came up instead of drawing it at nought', () => {
    const points = dataOf(reliabilityOption(bins, words, readTokens()), 'bins') as { value: number[] }[]
    expect(points.map((point) => point.value.slice(0, 2))).toEqual([
      [0.05, 0.04],
      [0.9, 0.8],
    ])
  })
})

describe('hits beside width', () => {
  it('gives the dots an axis on full steps with room at its end', () => {
    expect(roomFor([31.5, 33.9], 5)).toEqual({ min: 30, max: 35 })
    expect(roomFor([0.3, 0.54], 0.1)).toEqual({ min: 0.3, max: 0.6 })
    expect(roomFor([0.02, 0.5], 0.1)).toEqual({ min: 0, max: 0.6 })
  })

  it('takes only groups that have both', () => {
    const rows = [
      { name: '一', width: 31, hit: 0.54, chosen: true },
      { name: '二', width: null, hit: 0.5, chosen: false },
    ]
    const points = dataOf(widthOption(rows, words, readTokens()), 'groups') as { value: number[] }[]
    expect(points.map((point) => point.value)).toEqual([[31, 0.54]])
  })
})
