// What holds for every page where people work, in every look: it renders, says all in words, and keeps its width.
import assert from 'node:assert/strict'
import { violations } from './axe.mjs'
import { newPage, open } from './browser.mjs'

/** Opens a page in one look and checks what holds for every page where people work. */
export async function looksRight(browser, entry, look) {
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
  return text.match(/\b(shell|session|login|matter|notice|people|audit|work|channel|field|form|state|right|product|room|verification|episode|model|warning|plan)\.[a-z_]+\b/g) ?? []
}
