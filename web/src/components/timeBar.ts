/** Where a key leads on a bar of `count` hours, or null when the key is not one of its own. */
export function timeBarTarget(key: string, shift: boolean, index: number, count: number): number | null {
  const step = shift ? 6 : 1
  const target: Record<string, number> = {
    ArrowLeft: index - step,
    ArrowDown: index - step,
    ArrowRight: index + step,
    ArrowUp: index + step,
    PageDown: index - 24,
    PageUp: index + 24,
    Home: 0,
    End: count - 1,
  }
  const next = target[key]
  return next === undefined ? null : Math.max(0, Math.min(count - 1, next))
}

/** Runs of equal class as `[level, from, to)`, for the ribbon. */
export function runs(levels: string): [level: string, from: number, to: number][] {
  const found: [string, number, number][] = []
  ;[...levels].forEach((level, index) => {
    const last = found.at(-1)
    if (last && last[0] === level) last[2] = index + 1
    else found.push([level, index, index + 1])
  })
  return found
}

/** The places where a day begins: the first label of a day is 01:00, its cell ends there. */
export function dayStarts(hours: string[]): number[] {
  return hours.flatMap((hour, index) => (hour.slice(11, 13) === '01' ? [index] : []))
}
