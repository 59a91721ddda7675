import { describe, expect, it } from 'vitest'
import { isLate, stateKind } from './matterWords'

describe('a matter', () => {
  it('is late from the day after its last day, while it is unfinished', () => {
    expect(isLate({ state: 'open', due: '2018-01-20' }, '2018-01-20')).toBe(false)
    expect(isLate({ state: 'open', due: '2018-01-20' }, '2018-01-21')).toBe(true)
    expect(isLate({ state: 'closed', due: '2018-01-20' }, '2018-01-21')).toBe(false)
    expect(isLate({ state: 'open', due: null }, '2018-01-21')).toBe(false)
  })

  it('looks as it stands, and late before all else', () => {
    expect(stateKind({ state: 'submitted', due: null }, '2018-01-21')).toBe('risk')
    expect(stateKind({ state: 'submitted', due: '2018-01-20' }, '2018-01-21')).toBe('late')
    expect(stateKind({ state: 'unheard-of', due: null }, '2018-01-21')).toBe('idle')
  })
})
