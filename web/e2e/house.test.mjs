// The pages where people work: in light and dark, wide and on a phone, in both languages.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage, open } from './browser.mjs'
import { HOUSE, SIZES } from './pages.mjs'
import { expectPages } from './server.mjs'

let browser

before(async () => {
  await expectPages()
  browser = await launch()
})

after(() => browser?.close())

for (const size of SIZES)
  describe(size.name, () => {
    for (const entry of HOUSE) test(entry.name, () => check(entry, size))
  })

describe('in English', () => {
  for (const entry of HOUSE) test(entry.name, () => check(entry, { language: 'en' }))
})

async function check(entry, look) {
  const { page, context, faults } = await newPage(browser, { ...look, as: entry.as })
  try {
    await open(page, entry)
    assert.equal(await page.locator('h1').count(), 1, 'one heading names the page')
    const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    assert.ok(wide <= shown, `the page is ${wide} wide on ${shown}`)
    assert.equal(await page.getByRole('alert').count(), 0, 'nothing is refused')
    assert.deepEqual(await untranslated(page), [], 'every word has its text')
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(faults, [])
  } finally {
    await context.close()
  }
}

/** Keys of the locales that stand on the page instead of their texts; codes of the server and the printed address are no words. */
async function untranslated(page) {
  const text = await page.evaluate(() => {
    const copy = document.body.cloneNode(true)
    copy.querySelectorAll('.qk-code, .qk-print-head, script').forEach((code) => code.remove())
    return copy.textContent
  })
  return text.match(/\b(shell|session|matter|notice|people|audit|work|channel|field|form|state|right)\.[a-z_]+\b/g) ?? []
}
