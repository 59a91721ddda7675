// The evening before a real episode, by keyboard: step a day on, open Xuzhou, read what its forecast says.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage, open, settled } from './browser.mjs'
import { MAP } from './pages.mjs'
import { ask, expectPages, hoursBetween, setClock, waitForRun } from './server.mjs'

const XUZHOU = '320300'

let browser
let evening

before(async () => {
  await expectPages()
  evening = (await waitForRun()).as_of
  browser = await launch()
})

after(async () => {
  await browser?.close()
  if (evening) await setClock(evening)
})

for (const theme of ['light', 'dark'])
  test(`a day on by keyboard, then Xuzhou and its fan, ${theme}`, async () => {
    await setClock(evening)
    const { page, context, faults } = await newPage(browser, { theme })
    await open(page, MAP)
    assert.equal(await shownHour(page), evening.slice(0, 16))

    const next = await stepADay(page)
    assert.equal(hoursBetween(evening, next.as_of), 24)

    await openXuzhou(page)
    await readItsFan(page, await ask(`/api/v1/cities/${XUZHOU}/forecast`))

    await settled(page)
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(faults, [])
    await context.close()
  })

/** Alt+→ moves the server's clock and everything that is shown. */
async function stepADay(page) {
  const rank = page.getByTestId('rank-list')
  const before = await rank.innerText()
  await page.keyboard.press('Alt+ArrowRight')
  await page.waitForFunction((old) => document.querySelector('[data-testid=rank-list]').innerText !== old, before)
  const status = await waitForRun()
  assert.equal(await shownHour(page), status.as_of.slice(0, 16))
  return status
}

/** Tab from the top to the city in the rank list, then Enter. */
async function openXuzhou(page) {
  const city = page.getByTestId('rank-list').getByRole('button', { name: '徐州' })
  for (let stop = 0; !(await city.evaluate((button) => button === document.activeElement)); stop += 1) {
    assert.ok(stop < 100, 'Tab reaches the city')
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await page.getByTestId('fan').getByRole('heading', { name: '徐州' }).waitFor()
  await page.waitForURL((url) => url.searchParams.get('city') === XUZHOU)
}

/** The sentence, the days and the table say what the server forecasts. */
async function readItsFan(page, forecast) {
  const fan = page.getByTestId('fan')
  const issued = forecast.issue_time.slice(0, 16).replace('T', ' ')
  const [first] = forecast.days
  const sentence = fan.getByRole('img', { name: `起报 ${issued}` })
  await sentence.waitFor()
  const label = await sentence.getAttribute('aria-label')
  assert.ok(label.includes('徐州') && label.includes(`${first.aqi_lo}–${first.aqi_hi}`), label)

  const days = await fan.getByRole('region', { name: '逐日预报' }).innerText()
  for (const day of forecast.days) assert.ok(days.includes(`${day.aqi_lo}–${day.aqi_hi}`), `${day.date} in ${days}`)

  await page.keyboard.press('t')
  const rows = fan.getByRole('region', { name: '数据表' }).locator('tbody tr')
  await rows.first().waitFor()
  const hours = new Set([...forecast.observed.hours, ...forecast.hours])
  assert.equal(await rows.count(), hours.size, 'one row an hour')
}

const shownHour = (page) => page.getByTestId('clock').locator('input').inputValue()
