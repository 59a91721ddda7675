import { describe, expect, it } from 'vitest'
import { ActionKey } from './actionKey'

describe('the name of an action', () => {
  it('stays while the same thing is tried again', () => {
    const key = new ActionKey()
    expect(key.of({ title: '扬尘' })).toBe(key.of({ title: '扬尘' }))
    expect(key.of({ title: '扬尘' })).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is new for another content and after the outcome is known', () => {
    const key = new ActionKey()
    const first = key.of({ title: '扬尘' })
    const second = key.of({ title: '噪声' })
    key.settle()
    expect(new Set([first, second, key.of({ title: '噪声' })]).size).toBe(3)
  })
})
