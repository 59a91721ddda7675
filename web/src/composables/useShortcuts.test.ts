import { describe, expect, it } from 'vitest'
import { isTaken, keyName } from './useShortcuts'

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  keyName({ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held })

function inside(html: string): Element {
  document.body.innerHTML = html
  return document.body.querySelector('[data-target]') ?? document.body
}

describe('names of keys', () => {
  it('tells plain, Shift and Alt apart', () => {
    expect(press('ArrowLeft')).toBe('ArrowLeft')
    expect(press('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft')
    expect(press('ArrowLeft', { altKey: true })).toBe('Alt+ArrowLeft')
    expect(press(' ')).toBe('Space')
  })

  it('lets Shift belong to the sign it makes', () => expect(press('?', { shiftKey: true })).toBe('?'))

  it('keeps Ctrl combinations of the browser apart from single keys', () =>
    expect(press('l', { ctrlKey: true })).toBe('Ctrl+l'))
})

describe('who owns a key', () => {
  it('is the field while typing', () => {
    expect(isTaken(inside('<input data-target>'), 'm')).toBe(true)
    expect(isTaken(inside('<select data-target></select>'), 'ArrowDown')).toBe(true)
    expect(isTaken(inside('<dialog><p data-target></p></dialog>'), 'Space')).toBe(true)
  })

  it('is a focused button for Space and Enter only', () => {
    expect(isTaken(inside('<button data-target></button>'), 'Space')).toBe(true)
    expect(isTaken(inside('<a href="/" data-target></a>'), 'Enter')).toBe(true)
    expect(isTaken(inside('<button data-target></button>'), 'ArrowLeft')).toBe(false)
  })

  it('is the page otherwise', () => expect(isTaken(document.body, 'Space')).toBe(false))
})
