import { HeatmapChart } from 'echarts/charts'
import { TooltipComponent, VisualMapPiecewiseComponent } from 'echarts/components'
import { use, type ChartOption } from '@/chart/engine'
import { axisLook, tooltipLook } from '@/chart/look'
import { over, type Tokens } from '@/tokens'
import type { HourGrid } from './weeks'

use([HeatmapChart, TooltipComponent, VisualMapPiecewiseComponent])

/** Hour of the day across, days down; class 0 is "no data". */
export function heatOption(
  grid: HourGrid,
  levelOf: (index: number) => number,
  hover: (index: number) => HTMLElement,
  tokens: Tokens,
): ChartOption {
  return {
    tooltip: { ...tooltipLook(tokens), formatter: (item: unknown) => hover((item as { data: number[] }).data[2] ?? 0) },
    grid: { left: 48, right: 10, top: 6, bottom: 22 },
    xAxis: { type: 'category', data: Array.from({ length: 24 }, (_, hour) => String(hour + 1)), ...axisLook(tokens) },
    yAxis: { type: 'category', inverse: true, data: grid.days.map((day) => day.slice(5)), ...axisLook(tokens) },
    visualMap: {
      type: 'piecewise',
      show: false,
      dimension: 3,
      pieces: pieces(tokens),
    },
    series: [
      {
        type: 'heatmap',
        data: grid.cells.map((cell) => [cell.hour, cell.day, cell.index, levelOf(cell.index)]),
        emphasis: { disabled: true },
      },
    ],
  }
}

/** Opaque, as neighbouring cells that let each other through draw lines of their own. */
function pieces(tokens: Tokens) {
  return tokens.aqi.map((colour, value) => ({ value, color: over(colour, tokens.surface, 0.82) }))
}
