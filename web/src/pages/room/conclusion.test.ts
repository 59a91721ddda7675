import { describe, expect, it } from 'vitest'
import type { Conclusion, Prefilled } from '@/api/types'
import { call } from './roomCases'
import { callsToSend, departs, draftLines, firstFlaw, givenFor, restored } from './useConclusion'

const XUZHOU = '320300'
const prefilled = (lead: number, bids = 3): Prefilled => ({
  city: XUZHOU,
  lead,
  lo: 122,
  hi: 182,
  primary: ['PM2_5', 'PM10'],
  confidence: 'medium',
  bids,
})
const three = [1, 2, 3].map((lead) => prefilled(lead))
const first = (given: Prefilled[]) => draftLines([XUZHOU], given, null)[0]!

describe('the conclusion', () => {
  it('begins with what is prefilled, for the days it covers and later ones that somebody spoke of', () => {
    const lines = draftLines([XUZHOU], [...three, prefilled(5), prefilled(7, 0)], null)
    expect(lines.map((line) => line.lead)).toEqual([1, 2, 3, 5])
    expect(firstFlaw(lines, 'conclude')).toBeNull()
  })

  it('covers a city of which nobody spoke, and is not sent before somebody does', () => {
    const lines = draftLines([XUZHOU, '320600'], three, null)
    expect(lines.filter((line) => line.city === '320600').map((line) => [line.lead, line.lo])).toEqual([
      [1, ''],
      [2, ''],
      [3, ''],
    ])
    expect(firstFlaw(lines, 'conclude')).toMatchObject({ why: 'wrong', line: { city: '320600', lead: 1 } })
  })

  it('begins with what is concluded already when it is changed', () => {
    const latest = {
      days: [{ call: call(XUZHOU, 1, 140, 200), prefilled: prefilled(1) }],
    } as unknown as Conclusion
    const [line] = draftLines([XUZHOU], givenFor(null, latest), [call(XUZHOU, 1, 140, 200)])
    expect([line?.lo, line?.prefilled?.lo, line?.reason]).toEqual([140, 122, '静稳'])
    expect(givenFor(three, latest)).toBe(three)
    expect(givenFor(null, null)).toEqual([])
  })

  it('needs a reason where it departs from the bids, and none where there were no bids', () => {
    const line = first(three)
    expect(departs({ ...line, primary: ['PM10', 'PM2_5'] })).toBe(false)
    const edited = { ...line, hi: 200 }
    expect(firstFlaw([edited], 'conclude')?.why).toBe('reason')
    expect(firstFlaw([{ ...edited, reason: '冷空气偏晚' }], 'conclude')).toBeNull()
    expect(firstFlaw([{ ...first([prefilled(1, 0)]), hi: 200 }], 'conclude')).toBeNull()
  })

  it('has one reason for all when it is a correction', () => {
    expect(firstFlaw([{ ...first(three), hi: 200 }], 'correct')).toBeNull()
  })

  it('is not sent with an end missing', () => {
    expect(firstFlaw([{ ...first(three), lo: '' }], 'conclude')?.why).toBe('wrong')
  })

  it('takes the median back, with its pollutants and without the reason', () => {
    const back = restored({ ...first(three), lo: 1, primary: [], reason: '试' })
    expect(callsToSend([back])).toEqual([
      {
        city: XUZHOU,
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
