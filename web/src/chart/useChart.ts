import { onBeforeUnmount, onMounted, shallowRef, watch, watchEffect, type Ref } from 'vue'
import { useTokens } from '@/composables/useTokens'
import { nextTask } from '@/nextTask'
import type { Tokens } from '@/tokens'
import { init, type ChartOption, type ECharts } from './engine'

export type Build = (tokens: Tokens) => ChartOption

const REPLACED = { replaceMerge: ['series', 'grid', 'xAxis', 'yAxis', 'dataset'] }

const isPrinting = () => document.documentElement.classList.contains('printing')

/** After the first screen is there; Safari has no `requestIdleCallback`. */
function whenIdle(run: () => void) {
  if ('requestIdleCallback' in window) window.requestIdleCallback(run, { timeout: 600 })
  else setTimeout(run, 60)
}

/** Keeps one chart on `host`: draws, draws again when what `build` reads changes, fits, prints in the light theme. */
export function useChart(host: Ref<HTMLElement | undefined>, build: () => Build, name: string, deferred: boolean) {
  const chart = shallowRef<ECharts>()
  const tokens = useTokens()

  function draw() {
    chart.value?.setOption({ animation: false, ...build()(tokens.value) }, REPLACED)
  }

  async function start() {
    await nextTask()
    if (!host.value) return
    const made = init(host.value, null, { renderer: 'canvas' })
    made.on('finished', function once() {
      made.off('finished', once)
      performance.mark(`chart:${name}`)
    })
    watchHost(host.value, made)
    chart.value = made
  }

  function watchHost(element: HTMLElement, made: ECharts) {
    const observer = new ResizeObserver(() => fit(made))
    observer.observe(element)
    window.addEventListener('qk:print', printed)
    watch(chart, (now) => {
      if (!now) observer.disconnect()
    })
  }

  function fit(made: ECharts) {
    if (made.isDisposed()) return
    // Observing reports at once; drawing again for nothing costs as much as the first time.
    const { clientWidth, clientHeight } = made.getDom()
    if (clientWidth === made.getWidth() && clientHeight === made.getHeight()) return
    made.resize()
    if (isPrinting()) picture(made)
  }

  /** The print look is set in one go: no time for the usual round of updates. */
  function printed() {
    draw()
    const made = chart.value
    if (!made || !host.value) return
    host.value.style.backgroundImage = ''
    made.resize()
    if (isPrinting()) picture(made)
    else made.getZr().flush()
  }

  function picture(made: ECharts) {
    if (host.value) host.value.style.backgroundImage = `url(${made.getDataURL({ pixelRatio: 2 })})`
  }

  watchEffect(draw)
  onMounted(() => (deferred ? whenIdle(() => void start()) : void start()))
  onBeforeUnmount(() => {
    window.removeEventListener('qk:print', printed)
    const made = chart.value
    chart.value = undefined
    made?.dispose()
  })
  return chart
}
