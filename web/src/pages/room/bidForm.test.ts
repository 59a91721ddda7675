import { nextTick, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { bid, call } from './roomCases'
import { callsOf, draftFor, flawOf, useBidForm, wholeBid } from './useBidForm'

describe('the own bid', () => {
  const own = bid('me', '21:00', [call('320300', 1, 120, 180), call('320100', 1, 70, 100)])

  it('begins empty, never with what others said', () => {
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
    // The server refuses fields that it gave and does not take.
    expect(Object.keys(whole[0] ?? {}).sort()).toEqual(Object.keys(whole[1] ?? {}).sort())
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

  it('keeps what is written when the city changes and when later days are added', async () => {
    const leads = ref([1])
    const { draft } = useBidForm(
      () => leads.value,
      () => null,
    )
    draft('320300').days[0]!.lo = 130
    draft('320100')
    leads.value = [1, 2]
    await nextTick()
    expect(draft('320300').days.map((day) => [day.lead, day.lo])).toEqual([
      [1, 130],
      [2, ''],
    ])
  })
})
