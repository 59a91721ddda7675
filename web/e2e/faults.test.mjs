// When something is wrong, the page says what, and goes on working.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage, open, settled } from './browser.mjs'
import { MAP } from './pages.mjs'
import { expectPages, server, waitForRun } from './server.mjs'

let browser

before(async () => {
  await expectPages()
  await waitForRun()
  browser = await launch()
})

after(() => browser?.close())

async function shows(path, words) {
  const { page, context } = await newPage(browser)
  await page.goto(server + path)
  await page.locator('main').getByText(words).first().waitFor()
  await settled(page)
  assert.deepEqual(await violations(page), [])
  await context.close()
}

test('a city that does not exist is named as such, with the code of the refusal', () =>
  shows('/cities/999999', /[A-Z]-\d{3}/))

test('an address that does not exist has a page of its own', () => shows('/no-such-page', /没有|不存在|找不到/))

test('a server that stops answering leaves the last figures and says so', async () => {
  const { page, context } = await newPage(browser)
  await open(page, MAP)
  await context.setOffline(true)
  await page.getByTestId('clock-step-forward').click()
  await page.getByRole('alert').first().waitFor()
  assert.ok(await page.getByTestId('rank-list').getByText('徐州').first().isVisible())
  await context.close()
})

test('a refusal of the server is shown with its code', async () => {
  const { page, context } = await newPage(browser)
  const problem = {
    type: 'about:blank',
    status: 503,
    code: 'A-599',
    title: '测试拒绝',
    title_en: 'test refusal',
    detail: 'x',
  }
  const json = { status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }
  await page.route('**/api/v1/situation', (route) => route.fulfill(json))
  await page.goto(`${server}/map`)
  await page.getByText('A-599').first().waitFor()
  await context.close()
})
