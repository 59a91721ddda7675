/** One field of a thing, before and after. */
export interface Change {
  field: string
  before: unknown
  after: unknown
}

const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/** The fields in which two versions of a thing differ; of `fields` only, when they are named. */
export function changes(before: object | null, after: object | null, fields?: readonly string[]): Change[] {
  const old = (before ?? {}) as Record<string, unknown>
  const now = (after ?? {}) as Record<string, unknown>
  const names = fields ?? [...new Set([...Object.keys(old), ...Object.keys(now)])]
  return names
    .filter((field) => !same(old[field], now[field]))
    .map((field) => ({ field, before: old[field] ?? null, after: now[field] ?? null }))
}

/** The same value with ids replaced by the names they have. */
export function named(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => named(one, names))
  return typeof value === 'string' ? (names.get(value) ?? value) : value
}

/** A value in a line: names of things by name, lists with commas, what is not there as a dash. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '—'
  if (Array.isArray(value)) return value.length === 0 ? '—' : value.map(valueText).join('、')
  if (typeof value === 'object') {
    const { name } = value as { name?: unknown }
    return typeof name === 'string' ? name : JSON.stringify(value)
  }
  return String(value)
}
