// What is forecast and how good it was: the pages say what the server says, in every look and by keyboard.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage, open, settled } from './browser.mjs'
import { looksRight } from './look.mjs'
import { OUTLOOK, SIZES } from './pages.mjs'
import { ask, call, expectPages, server, waitForRun } from './server.mjs'

const [FORECAST] = OUTLOOK
const VERIFICATION = OUTLOOK.find((entry) => entry.name === 'verification')
/** Never the worst city, which is looked at without being chosen. */
const SUZHOU = '320500'

let browser

before(async () => {
  await expectPages()
  await waitForRun()
  browser = await launch()
})

after(() => browser?.close())

async function onPage(entry, work, look = {}) {
  const { page, context, faults } = await newPage(browser, look)
  try {
    await open(page, entry)
    await work(page)
    assert.deepEqual(faults, [])
  } finally {
    await context.close()
  }
}

const matrix = (page) => page.getByTestId('matrix')
const rowOf = (page, name) => matrix(page).locator('tbody tr').filter({ hasText: name })
const asked = (page) => new URL(page.url()).searchParams

for (const size of SIZES)
  describe(size.name, () => {
    for (const entry of OUTLOOK) test(entry.name, () => looksRight(browser, entry, size))
  })

describe('in English', () => {
  for (const entry of OUTLOOK) test(entry.name, () => looksRight(browser, entry, { language: 'en' }))
})

test('the matrix says of every city and day what the server says', () =>
  onPage(FORECAST, async (page) => {
    const { cities } = await ask('/api/v1/forecasts')
    assert.equal(await matrix(page).locator('tbody tr').count(), cities.length)
    for (const city of cities.filter((one) => !one.left_out)) {
      const row = await rowOf(page, city.name).innerText()
      for (const { aqi } of city.days) assert.ok(row.includes(`${aqi.lo}–${aqi.hi}`), `${city.name}: ${row}`)
    }
  }))

test('measure, city and day live in the address, and a link shows the same view', () =>
  onPage(FORECAST, async (page) => {
    await page.getByTestId('measure').selectOption('p150')
    await rowOf(page, '苏州').getByRole('button').click()
    await page.waitForURL((url) => url.searchParams.get('p') === 'p150' && url.searchParams.get('city') === SUZHOU)
    const { cities } = await ask('/api/v1/forecasts')
    const share = cities.find((city) => city.code === SUZHOU).days[0].p_aqi150
    await page.reload()
    await rowOf(page, '苏州').waitFor()
    const [first] = await rowOf(page, '苏州').locator('td').allInnerTexts()
    assert.equal(first.trim(), `${Math.round(share * 100)}%`)
    await page.getByTestId('fan').getByText('苏州').first().waitFor()
  }))

test('by keyboard: another city, another day, another measure, members, table', () =>
  onPage(FORECAST, async (page) => {
    await rowOf(page, '南京').getByRole('button').click()
    await page.keyboard.press('ArrowDown')
    await page.waitForURL((url) => url.searchParams.get('city') === '320200')
    await page.keyboard.press('ArrowRight')
    await page.waitForURL((url) => url.searchParams.has('day'))
    await page.keyboard.press('2')
    await page.waitForURL((url) => url.searchParams.get('p') === 'PM2_5')
    await page.keyboard.press('m')
    await page.waitForURL((url) => url.searchParams.get('fan') === 'members')
    await page.keyboard.press('t')
    await page.getByTestId('fan').locator('table caption').first().waitFor({ state: 'attached' })
    await settled(page)
    assert.deepEqual(await violations(page), [])
  }))

test('an earlier run can be looked at, and says which one it is', () =>
  onPage(FORECAST, async (page) => {
    const { issues } = await ask('/api/v1/forecasts')
    const oldest = issues.at(-1)
    await page.getByTestId('issue').selectOption(oldest)
    await matrix(page).getByText(`起报 ${oldest.slice(0, 10)} ${oldest.slice(11, 16)}`).waitFor()
    if (oldest !== issues[0]) await page.getByTestId('city-days').waitFor()
    else await page.getByTestId('fan').waitFor()
  }))

test('what changed since the last run stands beside the fan', () =>
  onPage(FORECAST, async (page) => {
    const { previous_issue, text } = await ask('/api/v1/forecasts/changes')
    const said = previous_issue ? text : '没有可比的上一次起报'
    await page.getByTestId('changes').getByText(said).waitFor()
  }))

test('the table is saved as CSV and Excel', async () => {
  for (const [format, kind] of [
    ['csv', /text\/csv/],
    ['xlsx', /spreadsheetml/],
  ]) {
    const answer = await call('forecaster', 'GET', `/api/v1/forecasts?format=${format}`)
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type'), kind)
  }
})

test('the filters of the verification live in the address; every diagram has its table', () =>
  onPage(VERIFICATION, async (page) => {
    await page.getByTestId('filter-pollutant').selectOption('AQI')
    await page.getByTestId('filter-by').selectOption('level')
    await page.waitForURL((url) => url.searchParams.get('pollutant') === 'AQI' && url.searchParams.get('by') === 'level')
    await page.getByTestId('scores').getByText('轻度污染').first().waitFor()
    for (const name of ['reliability', 'ranks', 'width']) {
      const card = page.getByTestId(`chart-${name}`)
      await card.getByRole('button', { name: '表格' }).click()
      await card.locator('tbody tr').first().waitFor()
    }
    await settled(page)
    assert.deepEqual(await violations(page), [])
    assert.equal(asked(page).get('by'), 'level')
  }))

test('the watch over recent coverage has a line a lead, and none for what people said', () =>
  onPage(VERIFICATION, async (page) => {
    const { coverage } = await ask('/api/v1/verification')
    assert.equal(coverage.length, 7)
    assert.equal(await page.getByTestId('coverage').locator('tbody tr').count(), 7)
    await page.getByTestId('filter-of').selectOption('bids')
    await page.getByTestId('coverage').waitFor({ state: 'detached' })
  }))

test('measures that are our own are marked as such', () =>
  onPage(VERIFICATION, async (page) => {
    const { definitions } = await ask('/api/v1/verification')
    const marked = await page.getByTestId('definitions').getByText('项目定义').count()
    assert.equal(marked, definitions.filter((one) => one.project).length)
  }))

test('an analog says what followed, and that nothing is recorded of what was done when nothing is', () =>
  onPage({ path: '/episodes', ready: '[data-testid=analogs] li' }, async (page) => {
    const { items } = await ask('/api/v1/analogs')
    const analogs = page.getByTestId('analogs')
    for (const item of items) await analogs.getByText(item.text).first().waitFor()
    assert.equal(await analogs.getByText('无记录').count(), items.filter((item) => item.notes.length === 0).length)
  }))

test('the register says which model is in use', () =>
  onPage({ path: '/models', ready: '[data-testid=models] tbody tr' }, async (page) => {
    const { items } = await ask('/api/v1/forecasts/models')
    const used = items.find((model) => model.in_use)
    await page.getByTestId('models').locator('tr').filter({ hasText: used.id }).getByText('在用').waitFor()
  }))

test('without the right the pages say what is missing and ask the server for nothing', async () => {
  const { page, context, faults } = await newPage(browser, { as: 'auditor' })
  const requests = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  for (const path of ['/forecast', '/verification', '/rooms']) {
    await page.goto(server + path)
    await page.locator('main').getByText('安全管理员批准').waitFor()
  }
  const figures = requests.filter((path) => /^\/api\/v1\/(forecasts|verification|consultation)/.test(path))
  assert.deepEqual(figures, [])
  assert.deepEqual(faults, [])
  await context.close()
})
