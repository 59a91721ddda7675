import { LineChart, ScatterChart } from 'echarts/charts'
import { MarkLineComponent, TooltipComponent } from 'echarts/components'
import type { Series } from '@/api/types'
import { use, type ChartOption } from '@/chart/engine'
import { axisLook, FONT, tooltipLook } from '@/chart/look'
import type { Tokens } from '@/tokens'

use([LineChart, ScatterChart, MarkLineComponent, TooltipComponent])

export interface Curve {
  hours: string[]
  values: Series
  /** Place in `values` to reason. */
  flags: Record<string, string>
  limit: number | null
  limitWord: string
  axisDay: (hour: string) => string
  hover: (index: number) => HTMLElement
}

/** One pollutant: a curve that breaks where data is missing, its limit, and a mark on each flagged value. */
export function pollutantOption(curve: Curve, tokens: Tokens): ChartOption {
  const midnight = (index: number) => curve.hours[index]?.slice(11, 13) === '00'
  const flagged = Object.keys(curve.flags).map((index) => [Number(index), curve.values[Number(index)] ?? 0])
  return {
    tooltip: {
      ...tooltipLook(tokens),
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: tokens.t3 } },
      formatter: (items: unknown) => curve.hover((items as { dataIndex: number }[])[0]?.dataIndex ?? 0),
    },
    grid: { left: 40, right: 10, top: 12, bottom: 22 },
    xAxis: {
      type: 'category',
      data: curve.hours,
      boundaryGap: false,
      ...axisLook(tokens),
      axisTick: { interval: midnight },
      axisLabel: { ...axisLook(tokens).axisLabel, interval: midnight, formatter: curve.axisDay },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: (extent: { max: number }) => niceTop(Math.max(extent.max, (curve.limit ?? 0) * 1.1)),
      splitNumber: 3,
      ...axisLook(tokens),
      axisLine: { show: false },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'line',
        data: curve.values,
        symbol: 'none',
        connectNulls: false,
        sampling: curve.hours.length > 1500 ? 'lttb' : undefined,
        lineStyle: { width: 1.4, color: tokens.brand },
        markLine: curve.limit === null ? undefined : limitLine(curve, tokens),
      },
      {
        type: 'scatter',
        data: flagged,
        symbol: 'triangle',
        symbolSize: 8,
        itemStyle: { color: tokens.risk, opacity: 1 },
      },
    ],
  }
}

function limitLine(curve: Curve, tokens: Tokens) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: tokens.late, type: 'dashed', width: 1 },
    label: { formatter: curve.limitWord, position: 'insideEndTop', color: tokens.late, fontSize: 11, fontFamily: FONT },
    data: [{ yAxis: curve.limit }],
  }
}

/** The next round number, so that the limit stays in sight above a clean month. */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 0.1)))
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value) ?? 10
  return Number((step * power).toPrecision(2))
}
