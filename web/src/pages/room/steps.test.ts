import { describe, expect, it } from 'vitest'
import type { RoomState } from '@/api/types'
import { bid } from './roomCases'
import { stepsOf } from './steps'

const states = (state: RoomState, count: number | null, mine: boolean, mayBid = true, ready = true) =>
  stepsOf(
    state,
    {
      bid_count: count,
      own_bid: mine ? bid('me', '21:00', []) : null,
      // Only the own bid opens the sight of the others, or for the chair that all are in.
      bids_hidden: !mine && count !== 3,
      material: { ready },
    },
    mayBid,
  ).map((step) => step.state)

describe('the steps', () => {
  it('wait for the own bid, whoever else has entered one', () => {
    expect(states('open', 0, false)).toEqual(['done', 'now', 'waiting', 'waiting', 'waiting'])
    expect(states('open', null, false)).toEqual(['done', 'now', 'waiting', 'waiting', 'waiting'])
    expect(states('open', 3, true)).toEqual(['done', 'done', 'now', 'waiting', 'waiting'])
  })

  it('do not wait for the bid of somebody who enters none', () => {
    expect(states('open', 2, false, false)).toEqual(['done', 'done', 'now', 'waiting', 'waiting'])
    expect(states('open', 0, false, false)[1]).toBe('now')
  })

  it('go on for the chair when everybody else is in', () => {
    expect(states('open', 2, false)[1]).toBe('now')
    expect(states('open', 3, false)).toEqual(['done', 'done', 'now', 'waiting', 'waiting'])
  })

  it('end with the sign-off', () => {
    expect(states('concluded', 3, true)).toEqual(['done', 'done', 'done', 'done', 'now'])
    expect(states('signed', 3, true)).toEqual(['done', 'done', 'done', 'done', 'done'])
  })

  it('say that material is missing, and leave a cancelled room where it was', () => {
    expect(states('open', 3, true, true, false)[0]).toBe('risk')
    expect(states('cancelled', 2, true)).toEqual(['done', 'waiting', 'waiting', 'waiting', 'waiting'])
  })
})
