import { describe, expect, it } from 'vitest'
import type { Grant } from '@/api/types'
import { stepsOf } from './grantWords'

const person = (id: string) => ({ id, name: id })
const grant = (state: string): Grant => ({
  id: 'g1',
  account: person('duty'),
  role: 'duty-officer',
  role_name: '值班员',
  role_name_en: 'Duty officer',
  organisation: person('js'),
  kinds: null,
  from: '2018-01-01',
  to: null,
  state,
  requested_by: person('secadmin'),
  decided_by: null,
  ended_at: null,
  version: 1,
})

describe('a grant', () => {
  it('is decided by a second person only', () => {
    expect(stepsOf(grant('proposed'), 'secadmin')).toEqual([])
    expect(stepsOf(grant('proposed'), 'duty')).toEqual([])
    expect(stepsOf(grant('proposed'), 'secadmin2')).toEqual(['approve', 'reject'])
  })

  it('can be ended while it is in force, and not again', () => {
    expect(stepsOf(grant('approved'), 'secadmin')).toEqual(['end'])
    expect(stepsOf(grant('ended'), 'secadmin')).toEqual([])
    expect(stepsOf(grant('rejected'), 'secadmin')).toEqual([])
  })
})
