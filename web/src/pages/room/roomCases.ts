/** What the tests of a room begin with. */
import type { Bid, CallView } from '@/api/types'

export const ISSUE = '2018-01-14T20:00:00+08:00'

export const call = (city: string, lead: number, lo: number, hi: number): CallView => ({
  city,
  name: city,
  lead,
  date: `2018-01-${14 + lead}`,
  lo,
  hi,
  levels: [3, 4],
  primary: ['PM2_5'],
  confidence: 'high',
  reason: '静稳',
})

export const bid = (participant: string, at: string, days: CallView[]): Bid => ({
  account: participant,
  participant,
  number: 1,
  at: `2018-01-14T${at}:00+08:00`,
  days,
})
