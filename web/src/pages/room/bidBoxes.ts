import type { Bid } from '@/api/contractRooms'
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
  /** How many boxes of the same day stand before it. */
  row: number
}

/** One box a bid of the city, over the hours of its day. A day that ends beyond the axis is cut at its end. */
export function bidBoxes(bids: readonly Bid[], city: string, issue: string, hours: readonly string[]): BidBox[] {
  const people = peopleOf(bids)
  const rows = new Map<number, number>()
  return saidOf(bids, city).flatMap(({ lead, lo, hi, bid }) => {
    const midnight = `${dateOf(issue, lead)}T00:00:00+08:00`
    const within = hours.filter((hour) => hour > midnight && hour <= addHours(midnight, 24))
    const [from, to] = [within[0], within.at(-1)]
    if (!from || !to) return []
    const row = rows.get(lead) ?? 0
    rows.set(lead, row + 1)
    return [{ name: bid.participant, from, to, lo, hi, person: people.indexOf(bid.participant), row }]
  })
}

const LINE = 13

/** Draws the boxes dashed over the fan, each with its range in words. */
export function adornWith(boxes: readonly BidBox[]) {
  return (option: ChartOption, tokens: Tokens): ChartOption => ({
    ...option,
    series: [...(option['series'] as object[]), carrier(boxes, tokens)],
  })
}

function carrier(boxes: readonly BidBox[], tokens: Tokens) {
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

function area(box: BidBox, tokens: Tokens) {
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
        position: [4, 3 + box.row * LINE],
        align: 'left',
        verticalAlign: 'top',
        color: colour,
        fontSize: 11,
        fontFamily: FONT,
      },
    },
    { xAxis: box.to, yAxis: box.hi },
  ]
}
