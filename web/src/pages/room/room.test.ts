import { describe, expect, it } from 'vitest'
import type { Bid, ClassedCall, Prefilled, Room } from '@/api/contractRooms'
import { readTokens } from '@/tokens'
import { adornWith, bidBoxes } from './bidBoxes'
import { dateOf, peopleOf, primaryFits, saidOf } from './calls'
import { stepsOf } from './steps'
import { callsOf, draftFor, flawOf, wholeBid } from './useBidForm'
import { callsToSend, departs, draftLines, firstFlaw, restored } from './useConclusion'
import { ownBid } from './useRoom'

const ISSUE = '2018-01-14T20:00:00+08:00'
const call = (city: string, lead: number, lo: number, hi: number, primary = ['PM2_5']): ClassedCall => ({
  city,
  lead,
  lo,
  hi,
  primary,
  confidence: 'high',
  reason: '静稳',
  levels: [3, 4],
})
const bid = (id: string, at: string, days: ClassedCall[], own = false): Bid => ({
  by: { id, name: id },
  guest: false,
  own,
  number: 1,
  at: `2018-01-14T${at}:00+08:00`,
  days,
})

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
    expect(saidOf(bids, '320300').map((one) => [one.lead, one.bid.by.id])).toEqual([
      [1, 'a'],
      [1, 'b'],
      [2, 'a'],
    ])
    expect(peopleOf(bids)).toEqual(['a', 'b'])
  })

  it('has one to three primary pollutants above 50, and none up to it', () => {
    expect(primaryFits(50, [])).toBe(true)
    expect(primaryFits(50, ['PM2_5'])).toBe(false)
    expect(primaryFits(51, [])).toBe(false)
    expect(primaryFits(51, ['PM2_5', 'PM10', 'NO2', 'CO'])).toBe(false)
  })
})

describe('the steps', () => {
  const room = (more: object) =>
    ({
      state: 'open',
      mine: false,
      bid_count: 0,
      material: { run: { state: 'ready' }, cities: [{ fresh: true }] },
      ...more,
    }) as unknown as Room
  const states = (more: object, mayBid = true) => stepsOf(room(more), mayBid).map((step) => step.state)

  it('wait for the own bid, whoever else has entered one', () => {
    expect(states({})).toEqual(['done', 'now', 'waiting', 'waiting', 'waiting'])
    expect(states({ bid_count: 2 })).toEqual(['done', 'now', 'waiting', 'waiting', 'waiting'])
    expect(states({ bid_count: 3, mine: true })).toEqual(['done', 'done', 'now', 'waiting', 'waiting'])
  })

  it('do not wait for the bid of somebody who enters none', () => {
    expect(states({ bid_count: 2 }, false)).toEqual(['done', 'done', 'now', 'waiting', 'waiting'])
  })

  it('end with the sign-off', () => {
    expect(states({ state: 'concluded' })).toEqual(['done', 'done', 'done', 'done', 'now'])
    expect(states({ state: 'signed' })).toEqual(['done', 'done', 'done', 'done', 'done'])
  })

  it('say that material is missing, and leave a cancelled room where it was', () => {
    const material = { run: { state: 'ready' }, cities: [{ fresh: true }, { fresh: false }] }
    expect(states({ material })[0]).toBe('risk')
    expect(states({ state: 'cancelled', bid_count: 2 })).toEqual(['done', 'waiting', 'waiting', 'waiting', 'waiting'])
  })
})

describe('the own bid', () => {
  const own = bid('me', '21:00', [call('320300', 1, 120, 180), call('320100', 1, 70, 100)], true)

  it('begins empty, never with what others said', () => {
    expect(ownBid({ bids: [bid('other', '20:30', [call('320300', 1, 1, 2)])] } as unknown as Room)).toBeNull()
    const draft = draftFor('320300', [1, 2], null)
    expect(draft.days).toEqual([
      { lead: 1, lo: '', hi: '', primary: [] },
      { lead: 2, lo: '', hi: '', primary: [] },
    ])
    expect(flawOf(draft)).toBe('nothing')
  })

  it('begins with the own last version when there is one', () => {
    const draft = draftFor('320300', [1, 2], own)
    expect(draft.days[0]).toEqual({ lead: 1, lo: 120, hi: 180, primary: ['PM2_5'] })
    expect([draft.confidence, draft.reason]).toEqual(['high', '静稳'])
  })

  it('is entered whole: other cities stay in it, and the days of this one are replaced', () => {
    const draft = draftFor('320300', [1, 2], own)
    draft.days[0] = { lead: 1, lo: 130, hi: 190, primary: ['PM2_5'] }
    const whole = wholeBid('320300', draft, own)
    expect(whole.map((one) => [one.city, one.lead, one.lo])).toEqual([
      ['320100', 1, 70],
      ['320300', 1, 130],
    ])
    expect(whole[0]).not.toHaveProperty('levels')
  })

  it('is not sent half, upside down, or with pollutants that do not fit', () => {
    const draft = draftFor('320300', [1], null)
    const flaw = (lo: number | '', hi: number | '', primary: string[] = ['PM2_5']) =>
      flawOf({ ...draft, days: [{ lead: 1, lo, hi, primary }] })
    expect(flaw(120, '')).toBe('half')
    expect(flaw(180, 120)).toBe('upside_down')
    expect(flaw(120, 180, [])).toBe('primary')
    expect(flaw(20, 45)).toBe('primary')
    expect(flaw(20, 45, [])).toBeNull()
    expect(flaw(120, 120)).toBeNull()
  })

  it('leaves out days without a range', () => {
    const draft = draftFor('320300', [1, 2], null)
    draft.days[1] = { lead: 2, lo: 90, hi: 130, primary: ['PM10'] }
    expect(callsOf('320300', draft).map((one) => one.lead)).toEqual([2])
  })
})

describe('the conclusion', () => {
  const prefilled = (lead: number, bids = 3): Prefilled => ({
    city: '320300',
    lead,
    lo: 122,
    hi: 182,
    primary: ['PM2_5', 'PM10'],
    confidence: 'medium',
    bids,
  })

  it('begins with what is prefilled, for the days it covers', () => {
    const lines = draftLines([prefilled(1), prefilled(2), prefilled(7)], null, [1, 2, 3])
    expect(lines.map((line) => [line.lead, line.lo, line.reason])).toEqual([
      [1, 122, ''],
      [2, 122, ''],
    ])
    expect(firstFlaw(lines)).toBeNull()
  })

  it('begins with what is concluded already when it is written anew', () => {
    const [line] = draftLines([prefilled(1)], [call('320300', 1, 140, 200)], [1, 2, 3])
    expect([line?.lo, line?.prefilled?.lo, line?.reason]).toEqual([140, 122, '静稳'])
  })

  it('needs a reason where it departs from the bids, and none where there were no bids', () => {
    const [line] = draftLines([prefilled(1)], null, [1])
    expect(departs({ ...line!, primary: ['PM10', 'PM2_5'] })).toBe(false)
    const edited = { ...line!, hi: 200 }
    expect(firstFlaw([edited])?.why).toBe('reason')
    expect(firstFlaw([{ ...edited, reason: '冷空气偏晚' }])).toBeNull()
    const [fromRun] = draftLines([prefilled(1, 0)], null, [1])
    expect(firstFlaw([{ ...fromRun!, hi: 200 }])).toBeNull()
  })

  it('is not sent with an end missing', () => {
    const [line] = draftLines([prefilled(1)], null, [1])
    expect(firstFlaw([{ ...line!, lo: '' }])?.why).toBe('wrong')
  })

  it('takes the median back, with its pollutants and without the reason', () => {
    const [line] = draftLines([prefilled(1)], null, [1])
    const back = restored({ ...line!, lo: 1, primary: [], reason: '试' })
    expect(callsToSend([back])).toEqual([
      {
        city: '320300',
        lead: 1,
        lo: 122,
        hi: 182,
        primary: ['PM2_5', 'PM10'],
        confidence: 'medium',
        reason: '',
      },
    ])
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
    expect(boxes.map((box) => [box.name, box.from.slice(5, 13), box.to.slice(5, 13), box.row])).toEqual([
      ['a', '01-15T01', '01-16T00', 0],
      ['b', '01-15T01', '01-16T00', 1],
      ['b', '01-16T01', '01-16T12', 0],
    ])
  })

  it('are added to the picture with their range in words, each in the colour of its person', () => {
    const option = adornWith(bidBoxes(bids, '320300', ISSUE, hours))({ series: [{ id: 'median' }] }, readTokens())
    const [median, carrier] = option['series'] as {
      id: string
      markArea: { data: { label: { formatter: string } }[][] }
    }[]
    expect([median?.id, carrier?.id]).toEqual(['median', 'bids'])
    expect(carrier?.markArea.data.map((box) => box[0]?.label.formatter)).toEqual(['a 120–180', 'b 130–190', 'b 90–130'])
  })
})
