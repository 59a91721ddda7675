import { describe, expect, it } from 'vitest'
import { backFrom, homeOf } from './home'
import { ENTRIES, menuFor } from './shell/entries'

const pages = (...rights: string[]) =>
  menuFor((...any) => any.length === 0 || any.some((right) => rights.includes(right))).flatMap((group) =>
    group.entries.map((entry) => entry.to),
  )

describe('the first page', () => {
  it('follows the work', () => {
    expect(homeOf(new Set(['air.read', 'clock.set', 'matter.read']))).toBe('/map')
    expect(homeOf(new Set(['air.read', 'matter.read']))).toBe('/inbox')
    expect(homeOf(new Set(['org.read', 'audit.read']))).toBe('/admin/audit')
    expect(homeOf(new Set())).toBe('/account')
  })
})

describe('the way back after login', () => {
  it('keeps the page with its view', () => expect(backFrom('/inbox?state=open#x')).toBe('/inbox?state=open#x'))

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/login?back=/',
    undefined,
    ['/a'],
  ])('never leaves the house or circles: %s', (asked) => expect(backFrom(asked)).toBe('/'))
})

describe('the menu', () => {
  it('shows what the rights open, and no empty group', () => {
    expect(pages('audit.read')).toEqual(['/notices', '/admin/audit'])
    expect(pages('matter.read', 'air.read')).toEqual(['/inbox', '/matters', '/notices', '/map', '/cities'])
    expect(pages(...ENTRIES.flatMap((entry) => entry.rights))).toHaveLength(ENTRIES.length)
  })
})
