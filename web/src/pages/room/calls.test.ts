import { describe, expect, it } from 'vitest'
import { readTokens } from '@/tokens'
import { adornWith, apart, bidBoxes } from './bidBoxes'
import { dateOf, peopleOf, primaryFits, saidOf } from './calls'
import { bid, call, ISSUE } from './roomCases'

describe('what is said', () => {
  it('counts days from the day of the issue', () => {
    expect(dateOf(ISSUE, 1)).toBe('2018-01-15')
    expect(dateOf('2018-01-31T08:00:00+08:00', 1)).toBe('2018-02-01')
  })

  it('stands by day, then in the order in which it came', () => {
    const bids = [
      bid('b', '21:30', [call('320300', 1, 120, 180)]),
      bid('a', '21:10', [call('320300', 2, 90, 120), call('320300', 1, 110, 160), call('320100', 1, 60, 90)]),
    ]
    expect(saidOf(bids, '320300').map((one) => [one.lead, one.bid.participant])).toEqual([
      [1, 'a'],
      [1, 'b'],
      [2, 'a'],
    ])
  })

  it('gives everybody the same colour whoever comes first', () => {
    expect(peopleOf([bid('b', '21:00', []), bid('a', '21:10', [])])).toEqual(['a', 'b'])
  })

  it('has one to three primary pollutants above 50, and none up to it', () => {
    expect(primaryFits(50, [])).toBe(true)
    expect(primaryFits(50, ['PM2_5'])).toBe(false)
    expect(primaryFits(51, [])).toBe(false)
    expect(primaryFits(51, ['PM2_5', 'PM10', 'NO2'])).toBe(true)
    expect(primaryFits(51, ['PM2_5', 'PM10', 'NO2', 'CO'])).toBe(false)
  })
})

describe('bids on the fan', () => {
  const hours = Array.from({ length: 40 }, (_, index) => {
    const moment = new Date(Date.parse('2018-01-14T21:00:00Z') + index * 3_600_000)
    return `${moment.toISOString().slice(0, 19)}+08:00`
  })
  const bids = [
    bid('a', '21:00', [call('320300', 1, 120, 180), call('320300', 3, 60, 90), call('320100', 1, 70, 100)]),
    bid('b', '21:10', [call('320300', 1, 130, 190), call('320300', 2, 90, 130)]),
  ]

  it('span the hours of their day as far as the axis goes', () => {
    const boxes = bidBoxes(bids, '320300', ISSUE, hours)
    expect(boxes.map((box) => [box.name, box.from.slice(5, 13), box.to.slice(5, 13)])).toEqual([
      ['a', '01-15T01', '01-16T00'],
      ['b', '01-15T01', '01-16T00'],
      ['b', '01-16T01', '01-16T12'],
    ])
  })

  it('are added to the picture with their range in words', () => {
    const option = adornWith(bidBoxes(bids, '320300', ISSUE, hours))(
      { series: [{ id: 'median' }], yAxis: [{ max: 250 }] },
      readTokens(),
    )
    const [median, carrier] = option['series'] as {
      id: string
      markArea: { data: { label: { formatter: string } }[][] }
    }[]
    expect([median?.id, carrier?.id]).toEqual(['median', 'bids'])
    expect(carrier?.markArea.data.map((box) => box[0]?.label.formatter)).toEqual(['b 130–190', 'a 120–180', 'b 90–130'])
  })
  it('keep their words apart where their upper edges are close, and in place where they are not', () => {
    const box = (hi: number, from = '01-15') => ({ name: '', from, to: '', lo: 0, hi, person: 0 })
    const placed = apart([box(171), box(182), box(90), box(180, '01-16')], 1)
    expect(placed.map((one) => [one.hi, one.down])).toEqual([
      [182, 0],
      [180, 0],
      [171, 2],
      [90, 0],
    ])
  })
})
