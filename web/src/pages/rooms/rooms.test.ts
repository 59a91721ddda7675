import { describe, expect, it } from 'vitest'
import { roomKind, STATES } from './roomWords'

describe('a consultation in the list', () => {
  it('looks as it stands, and an unheard-of state looks like nothing special', () => {
    expect(STATES.map(roomKind)).toEqual(['info', 'risk', 'ok', 'idle', 'idle'])
    expect(roomKind('unheard-of')).toBe('idle')
  })
})
