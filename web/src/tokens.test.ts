import { describe, expect, it } from 'vitest'
import { over, parseColour, withAlpha } from './tokens'

describe('colours as minifiers leave them', () => {
  it.each([
    ['#FFFFFF', [255, 255, 255]],
    ['#fff', [255, 255, 255]],
    [' #7E0023 ', [126, 0, 35]],
    ['#f00', [255, 0, 0]],
    ['rgb(255, 126, 0)', [255, 126, 0]],
    ['rgb(255 126 0)', [255, 126, 0]],
  ])('reads %s', (text, rgb) => expect(parseColour(text)).toEqual(rgb))

  it.each(['red', '#12345', '', 'transparent'])('does not guess at %s', (text) => expect(parseColour(text)).toBeNull())

  it('adds an opacity to a short form', () => expect(withAlpha('#fff', 0.5)).toBe('rgba(255, 255, 255, 0.5)'))

  it('lays a class colour over the surface', () => {
    expect(over('#ff0000', '#ffffff', 0.82)).toBe('rgb(255, 46, 46)')
    expect(over('#ff0000', '#ffffff', 1)).toBe('rgb(255, 0, 0)')
  })
})
