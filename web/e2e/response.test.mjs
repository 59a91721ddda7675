// The pages of warnings and plans in light and dark, wide and on a phone, in both languages; and the draft of a plan.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launch, newPage, open } from './browser.mjs'
import { looksRight } from './look.mjs'
import { RESPONSE, SIZES } from './pages.mjs'
import { expectPages, waitForRun } from './server.mjs'
import { AIR, clean, dialog, LEADER, send } from './warning.mjs'

let browser

before(async () => {
  await expectPages()
  await waitForRun()
  browser = await launch()
})

after(() => browser?.close())

test('a plan is drafted from another one, its faults stand beside their lines, and its drafter cannot approve it', async () => {
  const { page, context } = await newPage(browser, { as: AIR })
  await open(page, { path: '/plans', ready: '[data-testid=plans] tbody tr' })
  await page.getByTestId('new-plan').click()
  await dialog(page).locator('input[name=id]').fill(`try-${Date.now().toString(36)}`)
  await send(page)
  await page.getByTestId('plan-facts').waitFor()
  const text = page.locator('textarea[name=text]')
  const sound = await text.inputValue()
  await text.fill(sound.replace(/^act_at = .*$/m, 'act_at = 1.4'))
  await page.getByTestId('plan-faults').waitFor()
  await clean(page)
  await text.fill(sound.replace(/^act_at = .*$/m, 'act_at = 0.6'))
  await page.getByTestId('plan-diff').locator('tbody tr').first().waitFor()
  await page.getByTestId('save-plan').click()
  await page.getByTestId('trial').getByText('尚未试算').waitFor()
  assert.equal(await page.getByTestId('approve-plan').count(), 0, 'who drafts does not approve')
  const leader = await newPage(browser, { as: LEADER })
  await open(leader.page, { path: new URL(page.url()).pathname, ready: '[data-testid=plan-facts]' })
  assert.ok(await leader.page.getByTestId('approve-plan').isDisabled(), 'nothing untried is approved')
  await clean(leader.page)
  await leader.context.close()
  await context.close()
})

for (const size of SIZES)
  describe(size.name, () => {
    for (const entry of RESPONSE) test(entry.name, () => looksRight(browser, entry, size))
  })

describe('in English', () => {
  for (const entry of RESPONSE) test(entry.name, () => looksRight(browser, entry, { language: 'en' }))
})
