// A real Chromium, set up the same way for every test, with a recorder of everything that must not happen.
import { chromium } from 'playwright-core'
import { server, session } from './server.mjs'

export const DESK = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Starts a browser with an empty profile. Root may not use Chromium's sandbox. */
export function launch() {
  const root = process.getuid?.() === 0
  return chromium.launch({
    executablePath: process.env.QINGKONG_CHROMIUM ?? '/usr/bin/chromium',
    args: root ? ['--no-sandbox', ...FLAGS] : FLAGS,
  })
}

/**
 * Opens an empty page as one person would have it; `as` names a demonstration account, null is nobody.
 *
 * `faults` fills with console errors, uncaught errors and requests that leave the server.
 */
export async function newPage(browser, look = {}) {
  const { theme = 'light', language = 'zh-CN', viewport = DESK, scale = 1, touch = false } = look
  const { as = 'forecaster' } = look
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: scale,
    hasTouch: touch,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    colorScheme: theme,
  })
  if (as) await context.addCookies((await session(as)).cookies)
  await context.addInitScript((chosen) => localStorage.setItem('qk-language', chosen), language)
  const page = await context.newPage()
  return { page, context, faults: record(page) }
}

function record(page) {
  const faults = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error}`))
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (!['data:', 'blob:'].includes(protocol) && origin !== server) faults.push(`left the server: ${request.url()}`)
  })
  return faults
}

/** Opens a page of the list in `pages.mjs` and waits until it has drawn what it is for. */
export async function open(page, { path, ready, charts = [] }) {
  await page.goto(server + path)
  await page.locator(ready).first().waitFor()
  await chartsDrawn(page, charts)
  await settled(page)
}

/** Waits for the marks that charts set when they have been drawn. */
export async function chartsDrawn(page, names) {
  await page.waitForFunction(
    (wanted) => wanted.every((name) => performance.getEntriesByName(`chart:${name}`).length > 0),
    names,
  )
}

/** Waits until nothing is loading and the last change is on the screen. */
export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('.state-box--loading'))
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}
