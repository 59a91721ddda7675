import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { use, type ChartOption } from '@/chart/engine'
import { axisLook, FONT, tooltipLook } from '@/chart/look'
import { withAlpha, type Tokens } from '@/tokens'
import { EXPECTED_RANKS } from './useVerificationPage'

use([BarChart, LineChart, ScatterChart, TooltipComponent])

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
  bins: readonly { p: number; observed: number | null; count: number }[],
  words: ScoreWords,
  tokens: Tokens,
): ChartOption {
  const met = bins.filter((bin) => bin.observed !== null && bin.count > 0)
  const most = Math.max(1, ...met.map((bin) => bin.count))
  const share = { min: 0, max: 1, axisLabel: { ...axisLook(tokens).axisLabel, formatter: percent } }
  return {
    ...frame(words, tokens),
    xAxis: axis(words.axis, tokens, share),
    yAxis: upward(words.other, tokens, share),
    series: [
      {
        id: 'perfect',
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: tokens.t3, width: 1, type: 'dashed' },
        data: [
          [0, 0],
          [1, 1],
        ],
      },
      {
        id: 'bins',
        type: 'line',
        symbol: 'circle',
        lineStyle: { color: tokens.brand, width: 1.5 },
        itemStyle: { color: tokens.brand, opacity: 1 },
        data: met.map((bin) => ({
          value: [bin.p, bin.observed],
          symbolSize: 6 + 16 * Math.sqrt(bin.count / most),
        })),
      },
    ],
  }
}

/** Where the observation fell among five quantiles, beside what a right spread gives. */
export function rankOption(shares: readonly number[], words: ScoreWords, tokens: Tokens): ChartOption {
  const names = ['<5%', '5–25', '25–50', '50–75', '75–95', '>95%']
  return {
    ...frame(words, tokens),
    xAxis: { ...axis(words.axis, tokens), type: 'category', data: names },
    yAxis: upward(words.other, tokens, { min: 0, axisLabel: { ...axisLook(tokens).axisLabel, formatter: percent } }),
    series: [
      { id: 'measured', type: 'bar', barWidth: '62%', itemStyle: { color: tokens.heat }, data: [...shares] },
      {
        id: 'expected',
        type: 'line',
        step: 'middle',
        silent: true,
        symbol: 'none',
        lineStyle: { color: tokens.t1, width: 1.5, type: 'dashed' },
        data: EXPECTED_RANKS,
      },
    ],
  }
}

export interface WidthRow {
  name: string
  width: number | null
  hit: number | null
  chosen: boolean
}

/** Mean width across, hits up: up and to the left is better; wide ranges do not win. */
export function widthOption(rows: readonly WidthRow[], words: ScoreWords, tokens: Tokens): ChartOption {
  const known = rows.filter((row) => row.width !== null && row.hit !== null)
  return {
    ...frame(words, tokens),
    xAxis: axis(words.axis, tokens, { min: 0, scale: true }),
    yAxis: upward(words.other, tokens, {
      min: 0,
      max: 1,
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
        labelLayout: { hideOverlap: true },
      },
    ],
  }
}
