import type { AqiTable } from '@/api/types'

export interface Cell {
  edition: string
  value: number | null
  /** Differs from the edition to its left. */
  changed: boolean
}

export interface Comparison {
  column: string
  unit: string
  /** One row per index value, one cell per edition. */
  rows: { level: number; cells: Cell[] }[]
}

/** Break points of all editions side by side, column by column, with every change marked. */
export function compareEditions(tables: AqiTable[]): Comparison[] {
  const columns = [...new Set(tables.flatMap((table) => table.columns.map((column) => column.column)))]
  const levels = [...new Set(tables.flatMap((table) => table.levels))].sort((one, other) => one - other)
  return columns.map((column) => ({
    column,
    unit: tables.flatMap((table) => table.columns).find((one) => one.column === column)?.unit ?? '',
    rows: levels.map((level) => ({ level, cells: cells(tables, column, level) })),
  }))
}

function cells(tables: AqiTable[], column: string, level: number): Cell[] {
  const values = tables.map((table) => breakpoint(table, column, level))
  return tables.map((table, index) => ({
    edition: table.id,
    value: values[index] ?? null,
    changed: index > 0 && values[index] !== values[index - 1],
  }))
}

function breakpoint(table: AqiTable, column: string, level: number): number | null {
  const found = table.columns.find((one) => one.column === column)
  return found?.breakpoints[table.levels.indexOf(level)] ?? null
}

/** The days on which something changes, for jumping there. */
export function turningDays(tables: { effective_from?: string }[]): string[] {
  return [...new Set(tables.flatMap((table) => table.effective_from ?? []))].sort()
}
