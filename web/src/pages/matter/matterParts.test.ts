import { describe, expect, it } from 'vitest'
import { bytesText, claims, positionText } from './evidenceWords'
import { stepFields } from './stepFields'

describe('the size of a file', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [4_200_000, '4.2 MB'],
    [52_428_800, '52 MB'],
  ])('of %i bytes is %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))
})

describe('the place of a photo', () => {
  it('names the sides of the globe', () => {
    expect(positionText({ lon: 118.79692, lat: 32.06028 })).toBe('32.0603°N 118.7969°E')
    expect(positionText({ lon: -70.5, lat: -33.25 })).toBe('33.2500°S 70.5000°W')
  })
})

describe('the claims of a camera', () => {
  it('are its time and its place, as far as it knows them', () => {
    const position = { lon: 117.18, lat: 34.18 }
    expect(claims({ taken_at: '2018-01-13T23:05:11+08:00', position })).toBe('2018-01-13 23:05 · 34.1800°N 117.1800°E')
    expect(claims({ taken_at: null, position: null })).toBe('')
  })
})

describe('the form of a step', () => {
  it('asks for a text where the step says something, and demands it where it must be justified', () => {
    expect(stepFields('return')).toEqual({ text: 'opinion', required: true })
    expect(stepFields('acknowledge')).toEqual({})
  })

  it('still has one for a step that is new', () => expect(stepFields('suspend')).toEqual({ reason: true }))
})
