import { LineChart, ScatterChart } from 'echarts/charts'
import { MarkLineComponent, TooltipComponent } from 'echarts/components'
import { use, type ChartOption } from '@/chart/engine'
import { axisLook, FONT, tooltipLook } from '@/chart/look'
import { withAlpha, type Tokens } from '@/tokens'

use([LineChart, ScatterChart, MarkLineComponent, TooltipComponent])

export interface ScoreWords {
  /** Name of the axis across. */
  axis: string
  /** Name of the axis up. */
  other: string
  hover: (index: number) => HTMLElement
}

const GRID = { left: 44, right: 18, top: 26, bottom: 36 }
const percent = (share: number) => `${Math.round(share * 100)}%`

function frame(words: ScoreWords, tokens: Tokens) {
  return {
    tooltip: {
      ...tooltipLook(tokens),
      trigger: 'item',
      formatter: (item: unknown) => words.hover((item as { dataIndex: number }).dataIndex),
    },
    grid: GRID,
  }
}

function axis(name: string, tokens: Tokens, more: object = {}) {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 22,
    nameTextStyle: { color: tokens.t3, fontSize: 12, fontFamily: FONT },
    ...axisLook(tokens),
    ...more,
  }
}
/** Its name stands above, level, so that nobody has to tilt the head. */
const upward = (name: string, tokens: Tokens, more: object = {}) =>
  axis(name, tokens, {
    nameLocation: 'end',
    nameGap: 8,
    nameTextStyle: { color: tokens.t3, fontSize: 12, fontFamily: FONT, align: 'left' },
    ...more,
  })

/** Said probability across, observed frequency up; the area of a dot grows with its cases. */
export function reliabilityOption(
  bins: readonly { p: number | null; observed: number | null; count: number }[],
  words: ScoreWords,
  tokens: Tokens,
): ChartOption {
  const met = bins.filter((bin) => bin.p !== null && bin.observed !== null && bin.count > 0)
  const most = Math.max(1, ...met.map((bin) => bin.count))
  const share = { min: 0, max: 1, axisLabel: { ...axisLook(tokens).axisLabel, formatter: percent } }
  return {
    ...frame(words, tokens),
    xAxis: axis(words.axis, tokens, share),
    yAxis: upward(words.other, tokens, share),
    series: [
      {
        id: 'bins',
        type: 'line',
        symbol: 'circle',
        lineStyle: { color: tokens.brand, width: 1.5 },
        itemStyle: { color: tokens.brand, opacity: 1 },
        markLine: diagonal(tokens),
        data: met.map((bin) => ({
          value: [bin.p, bin.observed],
          symbolSize: 6 + 16 * Math.sqrt(bin.count / most),
        })),
      },
    ],
  }
}

/** What is said comes true exactly as often. */
function diagonal(tokens: Tokens) {
  return {
    silent: true,
    symbol: 'none',
    label: { show: false },
    lineStyle: { color: tokens.t3, width: 1, type: 'dashed' },
    data: [[{ coord: [0, 0] }, { coord: [1, 1] }]],
  }
}

export interface WidthRow {
  name: string
  width: number | null
  hit: number | null
  chosen: boolean
}

/** Ends of an axis on full steps around the values, with room for names beside the dots. */
export function roomFor(values: readonly number[], step: number): { min: number; max: number } {
  const down = Math.floor(round(Math.min(...values) / step)) * step
  const up = (Math.floor(round(Math.max(...values) / step)) + 1) * step
  return { min: Math.max(0, round(down)), max: round(up) }
}
const round = (value: number) => Number(value.toFixed(6))

/** Mean width across, hits up: up and to the left is better; wide ranges do not win. */
export function widthOption(rows: readonly WidthRow[], words: ScoreWords, tokens: Tokens): ChartOption {
  const known = rows.filter((row) => row.width !== null && row.hit !== null)
  return {
    ...frame(words, tokens),
    xAxis: axis(words.axis, tokens, {
      scale: true,
      ...roomFor(
        known.map((row) => row.width ?? 0),
        5,
      ),
    }),
    yAxis: upward(words.other, tokens, {
      scale: true,
      ...roomFor(
        known.map((row) => row.hit ?? 0),
        0.1,
      ),
      axisLabel: { ...axisLook(tokens).axisLabel, formatter: percent },
    }),
    series: [
      {
        id: 'groups',
        type: 'scatter',
        symbolSize: 9,
        data: known.map((row) => ({
          value: [row.width, row.hit],
          itemStyle: { color: row.chosen ? tokens.brand : withAlpha(tokens.brand, 0.45), opacity: 1 },
          label: {
            show: true,
            position: 'right',
            formatter: () => row.name,
            color: tokens.t2,
            fontSize: 12,
            fontFamily: FONT,
          },
        })),
      },
    ],
  }
}
