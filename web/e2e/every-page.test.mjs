// What holds for every page in every look: it renders, it is accessible, it talks to nobody but its server.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage, open } from './browser.mjs'
import { LOOKS, PAGES } from './pages.mjs'
import { expectPages, waitForRun } from './server.mjs'

let browser

before(async () => {
  await expectPages()
  await waitForRun()
  browser = await launch()
})

after(() => browser?.close())

for (const look of LOOKS) {
  describe(`${look.theme}, ${look.language}`, () => {
    for (const entry of PAGES) test(entry.name, () => check(entry, look))
  })
}

async function check(entry, look) {
  const { page, context, faults } = await newPage(browser, look)
  try {
    await open(page, entry)
    assert.equal(await page.locator('html').getAttribute('lang'), look.language)
    assert.equal(await isDark(page), look.theme === 'dark')
    assert.equal(await page.locator('h1').count(), 1, 'one heading names the page')
    assert.deepEqual(await unnamedPictures(page), [], 'every chart says in a sentence what it shows')
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(faults, [])
  } finally {
    await context.close()
  }
}

const isDark = (page) => page.evaluate(() => document.documentElement.classList.contains('dark'))

function unnamedPictures(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('main [role=img]')]
      .filter((picture) => (picture.getAttribute('aria-label') ?? '').trim().length < 4)
      .map((picture) => picture.outerHTML.slice(0, 120)),
  )
}
