import { LineChart } from 'echarts/charts'
import { MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { use, type ChartOption } from '@/chart/engine'
import { axisLook, FONT, tooltipLook } from '@/chart/look'
import type { Series } from '@/api/types'
import { withAlpha, type Tokens } from '@/tokens'
import { fanTop, type Fan } from './fanSeries'

use([LineChart, MarkAreaComponent, MarkLineComponent, TooltipComponent])

export interface FanWords {
  issue: string
  /** Class number to "Ⅳ 中". */
  level: (level: number) => string
  axisDay: (hour: string) => string
  hover: (index: number) => HTMLElement
}

const LEFT = 46
const STRIP = 5
const RIGHT = 12

/** Observed, median and bands over soft class bands with a solid strip at the axis. `edges` are the class limits. */
export function fanOption(fan: Fan, edges: number[], words: FanWords, tokens: Tokens): ChartOption {
  const top = fanTop(fan)
  const y = { type: 'value', min: 0, max: top, ...axisLook(tokens) }
  return {
    tooltip: {
      ...tooltipLook(tokens),
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: tokens.t3 } },
      formatter: (items: unknown) => words.hover((items as { dataIndex: number }[])[0]?.dataIndex ?? 0),
    },
    grid: [
      { left: LEFT, right: RIGHT, top: 20, bottom: 22 },
      { left: LEFT - STRIP, width: STRIP, top: 20, bottom: 22 },
    ],
    xAxis: [timeAxis(fan, words, tokens), { type: 'category', gridIndex: 1, data: [''], show: false }],
    yAxis: [
      {
        ...y,
        splitLine: { show: false },
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...axisLook(tokens).axisLabel, margin: STRIP + 5 },
      },
      { type: 'value', gridIndex: 1, min: 0, max: top, show: false },
    ],
    series: [...classBands(edges, top, words, tokens), ...bands(fan, tokens), ...curves(fan, words, tokens)],
  }
}

function timeAxis(fan: Fan, words: FanWords, tokens: Tokens) {
  const midnight = (index: number) => fan.hours[index]?.slice(11, 13) === '00'
  // A name without room for it would be cut at the edge.
  const named = (index: number) => midnight(index) && index < fan.hours.length - 12
  return {
    type: 'category',
    data: fan.hours,
    boundaryGap: false,
    ...axisLook(tokens),
    axisTick: { interval: midnight, lineStyle: { color: tokens.line2 } },
    axisLabel: {
      ...axisLook(tokens).axisLabel,
      interval: named,
      align: 'left',
      padding: [0, 0, 0, 4],
      formatter: words.axisDay,
    },
    splitLine: { show: true, interval: midnight, lineStyle: { color: tokens.line } },
  }
}

function classBands(edges: number[], top: number, words: FanWords, tokens: Tokens) {
  const areas = edges
    .map((edge, index) => ({ level: index + 1, from: edges[index - 1] ?? 0, to: Math.min(edge, top) }))
    .filter((area) => area.from < top)
  const area = (opacity: number, labelled: boolean) =>
    areas.map(({ level, from, to }) => [
      {
        yAxis: from,
        itemStyle: { color: withAlpha(tokens.aqi[level] ?? tokens.t3, opacity) },
        label: {
          show: labelled && to - from > top * 0.07,
          formatter: words.level(level),
          position: 'insideLeft',
          color: tokens.t2,
          fontSize: 11,
          fontFamily: FONT,
        },
      },
      { yAxis: to },
    ])
  const carrier = { type: 'line', data: [], silent: true, symbol: 'none' }
  return [
    { ...carrier, id: 'classes', markArea: { silent: true, data: area(0.13, true) } },
    { ...carrier, id: 'strip', xAxisIndex: 1, yAxisIndex: 1, markArea: { silent: true, data: area(1, false) } },
  ]
}

function line(id: string, data: Series, style: object) {
  return {
    id,
    type: 'line',
    data,
    symbol: 'none',
    silent: true,
    connectNulls: false,
    lineStyle: { width: 0 },
    ...style,
  }
}

/** Bands are widths stacked on an invisible floor. */
function bands(fan: Fan, tokens: Tokens) {
  if (fan.members.length > 0) return []
  const stacked = (id: string, data: Series, opacity: number) =>
    line(id, data, { stack: 'bands', stackStrategy: 'all', areaStyle: { color: tokens.brand, opacity } })
  return [
    stacked('floor', fan.bands.floor, 0),
    stacked('low', fan.bands.low, 0.2),
    stacked('middle', fan.bands.middle, 0.42),
    stacked('high', fan.bands.high, 0.2),
  ]
}

function curves(fan: Fan, words: FanWords, tokens: Tokens) {
  const members = fan.members.map((member, index) =>
    line(`member-${index}`, member, { lineStyle: { width: 0.8, color: tokens.brand, opacity: 0.4 } }),
  )
  const issueLine = {
    silent: true,
    symbol: 'none',
    label: { formatter: words.issue, color: tokens.t2, fontSize: 11, fontFamily: FONT, position: 'end', distance: 4 },
    lineStyle: { color: tokens.t2, type: 'dashed', width: 1 },
    data: [{ xAxis: fan.hours[Math.max(0, fan.issueAt)] }],
  }
  return [
    ...members,
    line('median', fan.median, { z: 4, lineStyle: { width: 2, color: tokens.brand } }),
    line('observed', fan.observed, { z: 5, lineStyle: { width: 2, color: tokens.t1 }, markLine: issueLine }),
  ]
}
