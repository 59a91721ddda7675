import { describe, expect, it } from 'vitest'
import { isLocked } from './useAccounts'

const NOON = Date.parse('2026-11-24T12:00:00+08:00')
const row = (locked_until: string | null | undefined) => ({
  id: 'duty',
  login: 'duty',
  name: '值班员',
  organisation: { id: 'js', name: '省厅' },
  active: true,
  security:
    locked_until === undefined
      ? null
      : { must_change_password: false, totp: false, failures: 5, locked_until, last_login: null },
  version: 1,
})

describe('a locked account', () => {
  it('is one whose lock is not over', () => {
    expect(isLocked(row('2026-11-24T12:00:01+08:00'), NOON)).toBe(true)
    expect(isLocked(row('2026-11-24T12:00:00+08:00'), NOON)).toBe(false)
  })

  it('is not known of without a lock, or without the right to see it', () => {
    expect(isLocked(row(null), NOON)).toBe(false)
    expect(isLocked(row(undefined), NOON)).toBe(false)
  })
})
