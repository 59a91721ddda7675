import type { Series } from '@/api/types'

/** The path of a small curve between 0 and its own largest value; missing values break it. */
export function sparkPath(values: Series, width: number, height: number): string {
  const top = Math.max(1, ...values.map((value) => value ?? 0))
  const step = width / Math.max(1, values.length - 1)
  let broken = true
  return values
    .map((value, index) => {
      if (value === null) {
        broken = true
        return ''
      }
      const command = broken ? 'M' : 'L'
      broken = false
      return `${command}${(index * step).toFixed(1)} ${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`
    })
    .join('')
}
