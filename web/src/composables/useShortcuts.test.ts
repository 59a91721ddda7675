import { afterEach, describe, expect, it } from 'vitest'
import { activeShortcuts, isTaken, keyName, shortcutFor } from './useShortcuts'

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

describe('one key after the other', () => {
  const none = () => undefined
  afterEach(() => activeShortcuts.splice(0))

  it('is read together in time, and by itself later', () => {
    activeShortcuts.push({ keys: ['g w'], help: 'warnings', run: none }, { keys: ['w'], help: 'wind', run: none })
    expect(shortcutFor('g', 1000)).toBeUndefined()
    expect(shortcutFor('w', 2199)?.help).toBe('warnings')
    expect(shortcutFor('w', 2200)?.help).toBe('wind')
    shortcutFor('g', 3000)
    expect(shortcutFor('w', 4200)?.help).toBe('wind')
  })

  it('lets the first key do what it does alone', () => {
    activeShortcuts.push({ keys: ['g'], help: 'gate', run: none }, { keys: ['g w'], help: 'warnings', run: none })
    expect(shortcutFor('g', 1000)?.help).toBe('gate')
    expect(shortcutFor('w', 1100)?.help).toBe('warnings')
    expect(shortcutFor('w', 1200)).toBeUndefined()
  })
})
