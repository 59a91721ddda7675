// Measures the map page against its budgets, in the three machines of the brief; exits 1 above a gate.
//
// No Lighthouse: observers injected before the page loads, throttling and transfer through the debugging protocol.
// Every run has a browser, a profile and a cache of its own; the median of the runs counts.
import { launch, newPage, chartsDrawn, DESK, PHONE } from './browser.mjs'
import { MAP } from './pages.mjs'
import { expectPages, server, waitForRun } from './server.mjs'

const RUNS = 3
const QUIET_MS = 1500

const MACHINES = {
  P0: { words: 'office PC', cpu: 1, look: { viewport: DESK } },
  P1: { words: 'old PC: CPU ÷ 4, 10 Mbit/s, 40 ms', cpu: 4, mbit: 10, latency: 40, look: { viewport: DESK } },
  P2: {
    words: 'phone: CPU ÷ 6, 1.6 Mbit/s, 150 ms',
    cpu: 6,
    mbit: 1.6,
    latency: 150,
    look: { viewport: PHONE, scale: 2, touch: true },
  },
}

/** Budget and gate of each figure; a figure without a row is shown for information. */
const BUDGETS = {
  P0: {
    lcp: [1000, 1250],
    charts: [1200, 1500],
    tbt: [250, 375],
    event: [100, 200],
    transfer: [420, 420],
    cls: [0.02, 0.05],
  },
  P1: { lcp: [2500, 3125], charts: [3000, 3750], tbt: [1000, 1500], transfer: [420, 420], cls: [0.02, 0.05] },
  P2: { transfer: [420, 420], cls: [0.02, 0.05] },
}

const UNITS = { fcp: 'ms', lcp: 'ms', charts: 'ms', tbt: 'ms', event: 'ms', transfer: 'kB', cls: '' }

await expectPages()
await waitForRun()
let broken = 0
for (const [name, machine] of Object.entries(MACHINES)) {
  const runs = []
  for (let run = 0; run < RUNS; run += 1) runs.push(await measure(machine))
  broken += report(name, machine, runs)
}
process.exit(broken === 0 ? 0 : 1)

async function measure(machine) {
  const browser = await launch()
  try {
    const { page, context } = await newPage(browser, machine.look)
    const protocol = await context.newCDPSession(page)
    const transfer = await throttle(protocol, machine)
    await page.addInitScript(observe)
    await page.goto(`${server}/map`)
    await chartsDrawn(page, MAP.charts)
    await page.waitForTimeout(QUIET_MS * machine.cpu ** 0.5)
    const loaded = await page.evaluate(() => window.measured())
    const bytes = transfer()
    await use(page)
    const { event } = await page.evaluate(() => window.measured())
    return { ...loaded, event, transfer: bytes / 1000 }
  } finally {
    await browser.close()
  }
}

/** Slows the page down and returns a count of the bytes that came over the wire. */
async function throttle(protocol, { cpu, mbit, latency }) {
  let bytes = 0
  protocol.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await protocol.send('Network.enable')
  // On loopback Chromium also offers br; on an intranet without HTTPS only this.
  await protocol.send('Network.setExtraHTTPHeaders', { headers: { 'Accept-Encoding': 'gzip' } })
  await protocol.send('Emulation.setCPUThrottlingRate', { rate: cpu })
  if (mbit) {
    const bytesPerSecond = (mbit * 1e6) / 8
    const speed = { downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond }
    await protocol.send('Network.emulateNetworkConditions', { offline: false, latency, ...speed })
  }
  return () => bytes
}

/** Runs in the page, before anything else of it. */
function observe() {
  const seen = { fcp: 0, lcp: 0, cls: 0, tbt: 0, event: 0 }
  const watch = (type, take, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more })
  watch('paint', (entry) => entry.name === 'first-contentful-paint' && (seen.fcp = entry.startTime))
  watch('largest-contentful-paint', (entry) => (seen.lcp = entry.startTime))
  watch('layout-shift', (entry) => entry.hadRecentInput || (seen.cls += entry.value))
  watch('longtask', (entry) => (seen.tbt += Math.max(0, entry.duration - 50)))
  watch('event', (entry) => (seen.event = Math.max(seen.event, entry.duration)), { durationThreshold: 16 })
  window.measured = () => {
    const charts = performance.getEntriesByType('mark').filter((mark) => mark.name.startsWith('chart:'))
    return { ...seen, charts: Math.max(...charts.map((mark) => mark.startTime)) }
  }
}

/** What a person does on the page: an hour on, another city, the other theme. */
async function use(page) {
  await page.keyboard.press('ArrowRight')
  await page.waitForTimeout(300)
  await page.getByTestId('rank-list').getByText('南京').first().click()
  await page.waitForTimeout(300)
  const theme = page.getByTestId('theme-toggle').locator('visible=true')
  // On a phone the switch stands in the account's menu.
  if ((await theme.count()) === 0) await page.getByTestId('account-menu').click()
  await theme.selectOption('dark')
  await page.waitForTimeout(500)
}

function report(name, machine, runs) {
  console.log(`\n/map on ${name}, ${machine.words}; median of ${RUNS}`)
  console.log(['figure', 'measured', 'budget', 'gate', ''].map((word) => word.padEnd(12)).join(''))
  let broken = 0
  for (const figure of Object.keys(UNITS)) {
    const value = median(runs.map((run) => run[figure]))
    const [budget, gate] = BUDGETS[name][figure] ?? []
    const verdict =
      gate === undefined ? 'information' : value > gate ? 'ABOVE GATE' : value > budget ? 'over budget' : 'ok'
    if (verdict === 'ABOVE GATE') broken += 1
    const shown = `${figure === 'cls' ? value.toFixed(3) : Math.round(value)} ${UNITS[figure]}`
    console.log([figure, shown, budget ?? '–', gate ?? '–', verdict].map((word) => String(word).padEnd(12)).join(''))
  }
  return broken
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
