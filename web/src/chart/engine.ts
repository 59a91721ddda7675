/** What every chart needs; each chart registers its own kinds of series beside its own code. */
import { GridComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([CanvasRenderer, GridComponent])

export { init, registerMap, use } from 'echarts/core'
export type { ECharts, EChartsCoreOption as ChartOption } from 'echarts/core'
