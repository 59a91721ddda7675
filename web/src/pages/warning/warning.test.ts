import { describe, expect, it } from 'vitest'
import { gatesOf } from './gates'
import { mustSayWhy, onlyEnd, prefilled, sameTerms, termsFault } from './terms'
import { liftHours } from './useCounterfactual'
import { useSteps } from './useSteps'
import { at, basis, draft, issued, terms, warning } from './warningCases'

const change = (more = {}) => ({
  change: 'extend' as const,
  label: '延长',
  label_en: 'Extend',
  allowed: true,
  why: '',
  why_en: '',
  terms: terms({ end: at(20) }),
  ...more,
})

describe('the terms of a dialog', () => {
  it('are those of the newest check, else what holds, else none', () => {
    const holding = warning({ terms: terms() })
    expect(prefilled(holding, change())?.end).toBe(at(20))
    expect(prefilled(holding, change({ terms: null }))?.end).toBe(at(18))
    expect(prefilled(warning(), change({ terms: null }))).toBeNull()
  })

  it('take the end that was chosen on the slider', () =>
    expect(prefilled(warning({ terms: terms() }), change({ terms: null }), at(16, 8))?.end).toBe(at(16, 8)))

  it('are a copy: a form that is left changes nothing', () => {
    const action = change()
    prefilled(warning(), action)?.cities.push('320100')
    expect(action.terms.cities).toEqual(['320300'])
  })

  it('are refused without a city, without times, and when they end as they begin', () => {
    expect(termsFault(terms())).toBeNull()
    expect(termsFault(terms({ cities: [] }))).toBe('warning.fault.no_city')
    expect(termsFault(terms({ start: '' }))).toBe('warning.fault.no_time')
    expect(termsFault(terms({ end: at(15) }))).toBe('warning.fault.end_first')
    expect(termsFault(terms({ end: at(15, 1) }))).toBeNull()
  })

  it('are the same whatever the order of the cities', () => {
    expect(sameTerms(terms({ cities: ['a', 'b'] }), terms({ cities: ['b', 'a'] }))).toBe(true)
    expect(sameTerms(terms(), terms({ level: 'red' }))).toBe(false)
  })

  it('ask why of a withdrawal, and only for the end of what ends', () => {
    expect([mustSayWhy('withdraw'), mustSayWhy('lift')]).toEqual([true, false])
    expect([onlyEnd('lift'), onlyEnd('withdraw'), onlyEnd('extend')]).toEqual([true, true, false])
  })
})

describe('the gates', () => {
  const passed = (name: string) => ({ by: name, by_name: name, at: at(14, 10), opinion: '同意' })
  const states = (...of: Parameters<typeof gatesOf>) => gatesOf(...of).map((gate) => gate.state)

  it('stand where the draft waits', () => {
    expect(states(draft(), undefined)).toEqual(['done', 'now', 'waiting', 'waiting'])
    const assessed = draft('issue', { assessed: passed('研判'), gate: 'sign_off' })
    expect(states(assessed, undefined)).toEqual(['done', 'done', 'now', 'waiting'])
    expect(gatesOf(assessed, undefined)[1]).toMatchObject({ person: '研判', opinion: '同意', step: 'assess' })
  })

  it('show the last document with its number when nothing is on its way', () => {
    const last = issued('issue')
    last.draft = { ...last.draft, assessed: passed('研判'), signed: passed('审签'), gate: 'issue' }
    const gates = gatesOf(null, last)
    expect(gates.map((gate) => gate.state)).toEqual(['done', 'done', 'done', 'done'])
    expect(gates.at(-1)).toMatchObject({ person: '值班', document: '〔2018〕issue' })
  })

  it('never show the number of an earlier document on a draft', () =>
    expect(gatesOf(draft('raise'), issued('issue')).at(-1)?.document).toBeUndefined())

  it('are none of a warning that has neither', () => expect(gatesOf(null, undefined)).toEqual([]))
})

describe('the steps', () => {
  it('open no dialog that is not allowed', () => {
    const steps = useSteps(() => warning())
    steps.write(change({ allowed: false }))
    steps.take({ id: 'sign', label: '', label_en: '', allowed: false, why: '', why_en: '' })
    steps.write(null)
    expect([steps.step.value, steps.writing.value]).toEqual([null, null])
  })

  it('write the waiting draft anew with its own terms', () => {
    const action = { id: 'draft', label: '拟稿', label_en: 'Draft', allowed: true, why: '', why_en: '' }
    const steps = useSteps(() =>
      warning({ draft: draft('raise', { terms: terms({ level: 'red' }) }), actions: [action] }),
    )
    steps.writeAnew()
    expect(steps.writing.value).toMatchObject({ change: 'raise', label: '拟稿', terms: { level: 'red' } })
    steps.close()
    expect(steps.writing.value).toBeNull()
  })

  it('write nothing anew where there is no draft', () => {
    const steps = useSteps(() => warning())
    steps.writeAnew()
    expect(steps.writing.value).toBeNull()
  })
})

describe('the hours of a lift', () => {
  const course = (hour: string) => [{ hour, q10: 1, q50: 2, q90: 3 }]
  const of = (hour: string) =>
    basis({
      cities: [
        {
          city: { code: '320300', name: '', name_en: '' },
          level: null,
          start: null,
          end: null,
          rule: '',
          rule_en: '',
          probability: { yellow: null, orange: null, red: null },
          late: false,
          again: null,
          course: course(hour),
          official: [],
        },
      ],
    })

  it('begin with the hour shown, not before the run, and end with the forecast', () => {
    expect(liftHours(of(at(16, 8)), '2018-01-15T09:30:00+08:00')).toEqual({ from: at(15, 9), count: 23 })
    expect(liftHours(of(at(16, 8)), at(13))).toEqual({ from: at(14, 8), count: 48 })
    expect(liftHours(of(at(16, 8)), null).from).toBe(at(14, 8))
  })

  it('are none once the forecast is over', () => expect(liftHours(of(at(16)), at(17)).count).toBe(0))
})
