// The situation page: drawn, reachable by keyboard, whole on a phone, at 200 % and on paper.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './axe.mjs'
import { DESK, launch, newPage, open, PHONE, settled } from './browser.mjs'
import { MAP } from './pages.mjs'
import { expectPages, waitForRun } from './server.mjs'

const PARTS = ['kpi-strip', 'map', 'time-bar', 'rank-list', 'fan', 'clock', 'warning-card']
const CONTROLS = ['clock-step-back', 'clock-step-forward', 'theme-toggle', 'lang-toggle']
const MAP_COLOURS_AT_LEAST = 6
const TRANSFER_KB_AT_MOST = 420

let browser

before(async () => {
  await expectPages()
  await waitForRun()
  browser = await launch()
})

after(() => browser?.close())

/** Runs `work` on a freshly opened map page and expects that nothing went wrong. */
async function onMap(look, work) {
  const { page, context, faults } = await newPage(browser, look)
  try {
    await open(page, MAP)
    await work(page)
    assert.deepEqual(faults, [])
  } finally {
    await context.close()
  }
}

test('the map is painted', () =>
  onMap({}, async (page) => {
    await page.waitForFunction(colours, MAP_COLOURS_AT_LEAST)
  }))

function colours(atLeast) {
  const found = new Set()
  for (const canvas of document.querySelectorAll('[data-testid=map] canvas')) {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    for (let at = 0; at < data.length; at += 4 * 7) if (data[at + 3] > 250) found.add(data.slice(at, at + 3).join())
  }
  return found.size >= atLeast
}

test('every part and every control is there', () =>
  onMap({}, async (page) => {
    for (const part of [...PARTS, ...CONTROLS]) assert.ok(await page.getByTestId(part).first().isVisible(), part)
    assert.equal(await page.getByTestId('rank-list').locator('tbody tr').filter({ hasText: /\d/ }).count(), 13)
  }))

test('Tab reaches every entry of the menu, every control and the rank list, and leaves again', () =>
  onMap({}, async (page) => {
    const menu = await page.locator('nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    assert.ok(menu.length >= 4 && menu.every(Boolean), `every menu entry is a link with an address: ${menu}`)
    const stops = await walk(page)
    for (const href of menu)
      assert.ok(
        stops.some((stop) => stop.href === href),
        `no stop at ${href}`,
      )
    for (const part of [...CONTROLS, 'rank-list', 'time-bar'])
      assert.ok(
        stops.some((stop) => stop.within.includes(part)),
        `no stop in ${part}`,
      )
    assert.deepEqual(
      stops.filter((stop) => !stop.visible).map((stop) => stop.html),
      [],
      'focus can be seen',
    )
  }))

/** All stops of one round of Tab, from the top of the page until focus leaves it. */
async function walk(page) {
  const stops = []
  for (;;) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(describeFocus)
    if (!stop || stop.html === stops[0]?.html) return stops
    stops.push(stop)
    assert.ok(stops.length < 300, `Tab never leaves the page; it is at ${stop.html}`)
  }
}

function describeFocus() {
  const focus = document.activeElement
  if (!focus || focus === document.body) return null
  const within = []
  for (let at = focus; at; at = at.parentElement) if (at.dataset.testid) within.push(at.dataset.testid)
  const marked = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
  }
  const visible = [focus, focus.parentElement, ...(focus.labels ?? [])].filter(Boolean).some(marked)
  return { href: focus.getAttribute('href'), within, visible, html: focus.outerHTML.slice(0, 200) }
}

test('the help dialog opens with ?, is accessible, closes with Escape and gives the focus back', () =>
  onMap({}, async (page) => {
    const start = page.getByTestId('lang-toggle')
    await start.focus()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await settled(page)
    assert.deepEqual(await violations(page), [])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    assert.ok(await start.evaluate((element) => element === document.activeElement), 'focus is back')
  }))

test('theme and language follow their switches', () =>
  onMap({}, async (page) => {
    await page.getByTestId('lang-toggle').click()
    await page.locator('html[lang=en]').waitFor()
    await page.getByTestId('rank-list').getByText('Xuzhou').first().waitFor()
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const before = await background()
    await page.getByTestId('theme-toggle').selectOption('dark')
    await page.waitForFunction((old) => getComputedStyle(document.body).backgroundColor !== old, before)
  }))

for (const [name, look] of [
  ['a phone', { viewport: PHONE, scale: 2, touch: true }],
  ['200 % zoom', { viewport: { width: DESK.width / 2, height: DESK.height / 2 }, scale: 2 }],
  ['320 CSS pixels', { viewport: { width: 320, height: 640 } }],
])
  test(`nothing is lost or runs off sideways: ${name}`, () =>
    onMap(look, async (page) => {
      const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      assert.ok(wide <= shown, `the page is ${wide} wide on ${shown}`)
      for (const part of PARTS) assert.ok(await page.getByTestId(part).first().isVisible(), part)
      assert.deepEqual(await violations(page), [])
    }))

test('prints on one landscape page that says when, from where and that it is a demonstration', () =>
  onMap({}, async (page) => {
    const paper = await page.pdf({ format: 'A4', landscape: true, printBackground: true, preferCSSPageSize: true })
    assert.equal(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1)
    await page.emulateMedia({ media: 'print' })
    assert.ok(await page.getByTestId('map').isVisible())
    assert.ok(!(await page.locator('nav').first().isVisible()), 'no menu on paper')
    assert.match(await page.locator('body').innerText(), /演示/)
  }))

test('the first visit transfers no more than its budget and moves nothing after drawing it', () =>
  onMap({}, async (page) => {
    const [kilobytes, shift] = await page.evaluate(transferAndShift)
    assert.ok(kilobytes <= TRANSFER_KB_AT_MOST, `${kilobytes} kB`)
    assert.ok(shift <= 0.05, `layout shift ${shift}`)
  }))

function transferAndShift() {
  const bytes = performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.transferSize, 0)
  return new Promise((done) => {
    let shift = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value
    }).observe({ type: 'layout-shift', buffered: true })
    setTimeout(() => done([Math.round(bytes / 1000), shift]), 200)
  })
}
