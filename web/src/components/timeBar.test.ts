import { describe, expect, it } from 'vitest'
import { dayStarts, runs, timeBarTarget } from './timeBar'

describe('keys of the time bar', () => {
  const at = (key: string, index: number, shift = false) => timeBarTarget(key, shift, index, 169)

  it('moves by one hour, by six with Shift, by a day with the page keys', () => {
    expect(at('ArrowRight', 48)).toBe(49)
    expect(at('ArrowLeft', 48)).toBe(47)
    expect(at('ArrowRight', 48, true)).toBe(54)
    expect(at('ArrowLeft', 48, true)).toBe(42)
    expect(at('PageUp', 48)).toBe(72)
    expect(at('PageDown', 48)).toBe(24)
  })

  it('stays on the bar', () => {
    expect(at('ArrowLeft', 0)).toBe(0)
    expect(at('ArrowRight', 168)).toBe(168)
    expect(at('ArrowRight', 165, true)).toBe(168)
    expect(at('Home', 90)).toBe(0)
    expect(at('End', 90)).toBe(168)
  })

  it('leaves other keys alone', () => {
    expect(at('Tab', 48)).toBeNull()
    expect(at('Enter', 48)).toBeNull()
  })
})

describe('the ribbon', () => {
  it('joins hours of equal class and keeps missing ones apart', () => {
    expect(runs('2233-3')).toEqual([
      ['2', 0, 2],
      ['3', 2, 4],
      ['-', 4, 5],
      ['3', 5, 6],
    ])
    expect(runs('')).toEqual([])
  })

  it('begins a day with the label 01:00', () => {
    const hours = ['2018-01-13T23', '2018-01-14T00', '2018-01-14T01', '2018-01-14T02'].map(
      (hour) => `${hour}:00:00+08:00`,
    )
    expect(dayStarts(hours)).toEqual([2])
  })
})
