/** Reading the colour tokens of `styles/tokens.css` for what is drawn on a canvas. */

export type Rgb = [red: number, green: number, blue: number]

export interface Tokens {
  surface: string
  surface2: string
  line: string
  line2: string
  t1: string
  t2: string
  t3: string
  brand: string
  late: string
  risk: string
  heat: string
  mapSea: string
  mapLand: string
  mapLine: string
  /** Of members and of those who consult, each its own. */
  members: string[]
  /** Index 0 stands for "no data", 1 to 6 for the classes. */
  aqi: string[]
}

/** Takes `#abc`, `#aabbcc`, `rgb(…)`; minifiers shorten colours, so all written forms occur. */
export function parseColour(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]
  if (hex) return parseHex(hex)
  const parts = /^rgba?\(\s*(\d+)[,\s]+(\d+)[,\s]+(\d+)/i.exec(text.trim())
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : null
}

function parseHex(hex: string): Rgb {
  const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex
  const at = (index: number) => parseInt(long.slice(index, index + 2), 16)
  return [at(0), at(2), at(4)]
}

/** The colour with an opacity between 0 and 1. */
export function withAlpha(colour: string, alpha: number): string {
  const rgb = parseColour(colour)
  return rgb ? `rgba(${rgb.join(', ')}, ${alpha})` : colour
}

/** `colour` laid over `ground` with an opacity between 0 and 1, as one opaque colour. */
export function over(colour: string, ground: string, alpha: number): string {
  const above = parseColour(colour)
  const below = parseColour(ground)
  if (!above || !below) return colour
  const mixed = above.map((part, index) => Math.round(part * alpha + (below[index] ?? 0) * (1 - alpha)))
  return `rgb(${mixed.join(', ')})`
}

/** Lets the browser spell out what `parseColour` does not know, such as the name `red`. */
function spelledOut(colour: string): string {
  if (parseColour(colour)) return colour
  const probe = document.createElement('i')
  probe.style.color = colour
  document.body.append(probe)
  const spelled = getComputedStyle(probe).color
  probe.remove()
  return spelled
}

export function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => spelledOut(style.getPropertyValue(`--${name}`).trim())
  return {
    surface: token('surface'),
    surface2: token('surface-2'),
    line: token('line'),
    line2: token('line-2'),
    t1: token('t1'),
    t2: token('t2'),
    t3: token('t3'),
    brand: token('brand'),
    late: token('late'),
    risk: token('risk'),
    heat: token('heat'),
    mapSea: token('map-sea'),
    mapLand: token('map-land'),
    mapLine: token('map-line'),
    members: [1, 2, 3, 4, 5, 6].map((index) => token(`member-${index}`)),
    aqi: ['none', 1, 2, 3, 4, 5, 6].map((index) => token(`aqi-${index}`)),
  }
}
