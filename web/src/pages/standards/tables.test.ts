import { describe, expect, it } from 'vitest'
import type { AqiTable } from '@/api/types'
import { compareEditions, turningDays } from './tables'

const table = (id: string, from: string, breakpoints: (number | null)[]) =>
  ({
    id,
    effective_from: from,
    levels: [0, 50, 100],
    columns: [{ column: 'PM2_5_24h', unit: 'µg/m³', breakpoints }],
  }) as unknown as AqiTable

describe('editions side by side', () => {
  const tables = [table('old', '2016-01-01', [0, 35, 75]), table('new', '2026-03-01', [0, 35, 60])]

  it('marks what differs from the edition before, and nothing else', () => {
    const rows = compareEditions(tables)[0]?.rows ?? []
    expect(rows.map((row) => row.cells.map((cell) => [cell.value, cell.changed]))).toEqual([
      [
        [0, false],
        [0, false],
      ],
      [
        [35, false],
        [35, false],
      ],
      [
        [75, false],
        [60, true],
      ],
    ])
  })

  it('leaves a gap where an edition has no column', () => {
    const bare = { ...tables[1], columns: [] } as AqiTable
    const last = compareEditions([tables[0]!, bare])[0]?.rows.at(-1)
    expect(last?.cells[1]).toEqual({ edition: 'new', value: null, changed: true })
  })

  it('names the days on which something changes', () =>
    expect(turningDays([...tables, ...tables])).toEqual(['2016-01-01', '2026-03-01']))
})
