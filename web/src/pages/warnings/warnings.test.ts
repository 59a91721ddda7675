import { describe, expect, it } from 'vitest'
import type { NewWarning, ProposedCity, TermsBody } from '@/api/warningTypes'
import { bars, firstTerms, newWarning, ordered, strip } from './proposal'
import { byUrgency, rankOf, STATES, warningKind } from './warningWords'

const city = (code: string, level: string, yellow: number | null): ProposedCity => ({
  city: code,
  name: code,
  level,
  start: null,
  end: null,
  rule: null,
  rule_en: null,
  start_quantiles: null,
  unless: null,
  unless_en: null,
  steady: null,
  warned: null,
  probability: { yellow, orange: 0, red: null },
})
const terms = (level: TermsBody['level'], ...cities: string[]): TermsBody => ({
  level,
  cause: 'pm25',
  cities,
  start: '2018-01-15T00:00:00+08:00',
  end: '2018-01-17T00:00:00+08:00',
})

describe('a warning in the list', () => {
  it('looks as it stands, and an unheard-of state looks like nothing special', () => {
    expect(STATES.map(warningKind)).toEqual(['info', 'risk', 'ok', 'idle', 'idle', 'ok'])
    expect(warningKind('unheard-of')).toBe('idle')
  })

  it('comes first when it is the own turn, then when it holds, else stays in its order', () => {
    const row = (id: string, your_turn: boolean, state: string) => ({ id, your_turn, state, level: 'yellow' })
    const rows = [
      row('a', false, 'lifted'),
      row('b', false, 'in_force'),
      row('c', true, 'proposed'),
      row('d', false, 'lifted'),
    ]
    expect(byUrgency(rows).map((one) => one.id)).toEqual(['c', 'b', 'a', 'd'])
  })

  it('ranks no level and none below yellow', () =>
    expect([null, undefined, 'none', 'yellow', 'orange', 'red'].map(rankOf)).toEqual([0, 0, 0, 1, 2, 3]))
})

describe('the proposal', () => {
  it('shows the highest level first, then the likelier city; what is not known comes last', () => {
    const cities = [city('320100', 'none', null), city('320300', 'orange', 0.8), city('320500', 'none', 0.2)]
    expect(ordered([...cities, city('320800', 'red', 0.6)]).map((one) => one.city)).toEqual([
      '320800',
      '320300',
      '320500',
      '320100',
    ])
  })

  it('keeps what is not known apart from zero', () =>
    expect(bars(city('320100', 'none', 0.4))).toEqual([
      { level: 'yellow', share: 0.4 },
      { level: 'orange', share: 0 },
      { level: 'red', share: null },
    ]))

  it('begins with the terms of the highest level, and with none where nothing is proposed', () => {
    expect(firstTerms([terms('yellow', '320100'), terms('orange', '320300')])?.level).toBe('orange')
    expect(firstTerms([])).toBeNull()
  })
})

describe('the strip of the last runs', () => {
  const run = (hour: string, level: TermsBody['level'] | null) => ({
    issue_time: `2018-01-${hour}:00:00+08:00`,
    level,
    alone: level,
    probability: { yellow: null, orange: null, red: null },
  })

  it('runs from the oldest to the newest and marks each change of mind, never the first run', () => {
    const cells = strip([run('14T20', 'orange'), run('13T20', null), run('14T08', 'orange')])
    expect(cells.map((cell) => [cell.level, cell.changed])).toEqual([
      [null, false],
      ['orange', true],
      ['orange', false],
    ])
  })
})

describe('what is sent', () => {
  const draft = (more: Partial<NewWarning>): NewWarning => ({
    exercise: true,
    terms: terms('orange', '320800', '320300', '320800'),
    reason: ' 静稳 ',
    prompt: null,
    ...more,
  })

  it('names each city once and says why without blanks around it', () => {
    const body = newWarning(draft({}))
    expect([body.terms.cities, body.reason]).toEqual([['320300', '320800'], '静稳'])
  })

  it('names a plan only of an exercise', () => {
    expect(newWarning(draft({ plan: 'national-2018' })).plan).toBe('national-2018')
    expect(newWarning(draft({ plan: 'national-2018', exercise: false }))).not.toHaveProperty('plan')
  })
})
