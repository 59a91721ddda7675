import { describe, expect, it } from 'vitest'
import { hourCells, weeks } from './weeks'

describe('the calendar', () => {
  it('starts weeks on Monday and leaves places without a day empty', () => {
    const rows = weeks(['2018-01-13', '2018-01-14', '2018-01-15'].map((date) => ({ date })))
    expect(rows.map((week) => week.map((day) => day?.date.slice(8) ?? ''))).toEqual([
      ['', '', '', '', '', '13', '14'],
      ['15', '', '', '', '', '', ''],
    ])
  })
})

describe('hour × day', () => {
  it('lets the label 24:00 close its own day', () => {
    const { days, cells } = hourCells([
      '2018-01-13T23:00:00+08:00',
      '2018-01-14T00:00:00+08:00',
      '2018-01-14T01:00:00+08:00',
    ])
    expect(days).toEqual(['2018-01-13', '2018-01-14'])
    expect(cells.map((cell) => [cell.day, cell.hour])).toEqual([
      [0, 22],
      [0, 23],
      [1, 0],
    ])
  })
})
