import { describe, expect, it } from 'vitest'
import { addHours, dayText, fromInput, hoursBetween, hourText, splitMinutes, toInput } from './time'

describe('Beijing time', () => {
  it('steps over midnight, the turn of the year and back', () => {
    expect(addHours('2017-12-31T23:00:00+08:00', 1)).toBe('2018-01-01T00:00:00+08:00')
    expect(addHours('2018-01-01T00:00:00+08:00', -24)).toBe('2017-12-31T00:00:00+08:00')
    expect(hoursBetween('2018-01-13T20:00:00+08:00', '2018-01-14T20:00:00+08:00')).toBe(24)
  })

  it('is written as the API writes it, whatever the zone of the browser', () => {
    expect(hourText('2018-01-13T20:00:00+08:00')).toBe('01-13 20:00')
    expect(dayText('2018-01-13', 'zh-CN')).toBe('01/13 周六')
    expect(dayText('2018-01-13', 'en')).toBe('01/13 Sat')
  })

  it('goes through the input field and back', () => {
    expect(fromInput(toInput('2018-01-13T20:00:00+08:00'))).toBe('2018-01-13T20:00:00+08:00')
    expect(fromInput('2018-01-13T20:45')).toBe('2018-01-13T20:00:00+08:00')
    expect(fromInput('')).toBeNull()
  })

  it('splits a delay into hours and minutes', () => expect(splitMinutes(102)).toEqual({ hours: 1, minutes: '42' }))
})
