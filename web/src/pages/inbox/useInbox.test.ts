import { describe, expect, it } from 'vitest'
import { filterOf, VIEWS } from './useInbox'

describe('what the counts of the in-tray stand for', () => {
  it('is mine, except what waits for my review', () => {
    const others = VIEWS.filter((view) => filterOf(view, '2018-01-20').assigned !== 'me')
    expect(others).toEqual(['review'])
  })

  it('is late before today only, and only while it is unfinished', () =>
    expect(filterOf('late', '2018-01-20')).toEqual({
      assigned: 'me',
      sort: 'due',
      state: 'open,acknowledged,submitted',
      due_before: '2018-01-20',
    }))
})
