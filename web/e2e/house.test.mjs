// The pages where people work: in light and dark, wide and on a phone, in both languages.
import { after, before, describe, test } from 'node:test'
import { launch } from './browser.mjs'
import { looksRight } from './look.mjs'
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
    for (const entry of HOUSE) test(entry.name, () => looksRight(browser, entry, size))
  })

describe('in English', () => {
  for (const entry of HOUSE) test(entry.name, () => looksRight(browser, entry, { language: 'en' }))
})
