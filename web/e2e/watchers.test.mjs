// The checks themselves: a fault that is put in on purpose is seen by each of them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage } from './browser.mjs'
import { server } from './server.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(() => browser?.close())

test('a picture without a name, a script error and a foreign request are all seen', async () => {
  const { page, faults } = await newPage(browser)
  await page.goto(`${server}/standards`)
  await page.locator('main table').first().waitFor()
  assert.deepEqual(faults, [])
  await page.evaluate(() => {
    document.querySelector('main').append(document.createElement('img'))
    console.error('on purpose')
    setTimeout(() => {
      throw new Error('thrown on purpose')
    })
    return fetch('http://127.0.0.2:9/').catch(() => {})
  })
  assert.ok((await violations(page)).some((line) => line.startsWith('image-alt')))
  // The server's own policy stops the request of a script; a page that went elsewhere would be seen too.
  await page.goto('http://127.0.0.2:9/').catch(() => {})
  const words = ['console: on purpose', 'thrown on purpose', 'Content Security Policy', 'left the server: http://127.0.0.2:9/']
  for (const word of words)
    assert.ok(faults.some((fault) => fault.includes(word)), `${word} in ${faults.join('; ')}`)
})
