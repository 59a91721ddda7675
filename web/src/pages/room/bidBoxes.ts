import type { Bid } from '@/api/types'
import type { ChartOption } from '@/chart/engine'
import { FONT } from '@/chart/look'
import { addHours } from '@/time'
import { withAlpha, type Tokens } from '@/tokens'
import { dateOf, peopleOf, saidOf } from './calls'

export interface BidBox {
  name: string
  /** First and last hour of the day on the axis. */
  from: string
  to: string
  lo: number
  hi: number
  /** Place among those who consult: it gives the colour, the same one everywhere. */
  person: number
}

/** One box a bid of the city, over the hours of its day. A day that ends beyond the axis is cut at its end. */
export function bidBoxes(bids: readonly Bid[], city: string, issue: string, hours: readonly string[]): BidBox[] {
  const people = peopleOf(bids)
  return saidOf(bids, city).flatMap(({ lead, lo, hi, bid }) => {
    const midnight = `${dateOf(issue, lead)}T00:00:00+08:00`
    const within = hours.filter((hour) => hour > midnight && hour <= addHours(midnight, 24))
    const [from, to] = [within[0], within.at(-1)]
    if (!from || !to) return []
    return [{ name: bid.participant, from, to, lo, hi, person: people.indexOf(bid.participant) }]
  })
}

const LINE = 13
/** Height of the plot on the room's page; names need not be exact to the pixel, only apart. */
const PLOT = 232

/** Draws the boxes dashed over the fan, each with its range in words. */
export function adornWith(boxes: readonly BidBox[]) {
  return (option: ChartOption, tokens: Tokens): ChartOption => {
    const [axis] = option['yAxis'] as { max: number }[]
    const placed = apart(boxes, PLOT / (axis?.max ?? 500))
    return { ...option, series: [...(option['series'] as object[]), carrier(placed, tokens)] }
  }
}

interface Placed extends BidBox {
  /** Pixels from the upper edge of the box to its words. */
  down: number
}

/** The words of boxes of one day below each other, the highest first, so that none covers another. */
export function apart(boxes: readonly BidBox[], pixels: number): Placed[] {
  const taken = new Map<string, number>()
  return [...boxes]
    .sort((one, other) => other.hi - one.hi)
    .map((box) => {
      const edge = -box.hi * pixels
      const at = Math.max(edge, taken.get(box.from) ?? edge)
      taken.set(box.from, at + LINE)
      return { ...box, down: at - edge }
    })
}

function carrier(boxes: readonly Placed[], tokens: Tokens) {
  return {
    id: 'bids',
    type: 'line',
    data: [],
    silent: true,
    symbol: 'none',
    z: 6,
    markArea: { silent: true, data: boxes.map((box) => area(box, tokens)) },
  }
}

function area(box: Placed, tokens: Tokens) {
  const colour = tokens.members[box.person % tokens.members.length] ?? tokens.t1
  return [
    {
      xAxis: box.from,
      yAxis: box.lo,
      itemStyle: { color: withAlpha(colour, 0.06), borderColor: colour, borderWidth: 1.5, borderType: 'dashed' },
      label: {
        show: true,
        formatter: `${box.name} ${box.lo}–${box.hi}`,
        // From the upper left corner of the box.
        position: [4, 3 + box.down],
        align: 'left',
        verticalAlign: 'top',
        color: colour,
        // Other boxes' edges run behind the words.
        backgroundColor: withAlpha(tokens.surface, 0.85),
        padding: [0, 2],
        fontSize: 11,
        fontFamily: FONT,
      },
    },
    { xAxis: box.to, yAxis: box.hi },
  ]
}
