// What the tests of warnings share: two accounts, exercises as the server makes them, and where things stand on the page.
import assert from 'node:assert/strict'
import { violations } from './axe.mjs'
import { newPage, open, settled } from './browser.mjs'
import { ask, order } from './server.mjs'

/** Proposes, assesses and issues; the other one signs. */
export const AIR = 'air'
export const LEADER = 'leader'

export async function onPage(browser, as, path, work, look = {}) {
  const { page, context, faults } = await newPage(browser, { as, ...look })
  try {
    await open(page, { path, ready: 'main h1' })
    await settled(page)
    await work(page)
    assert.deepEqual(faults, [])
  } finally {
    await context.close()
  }
}

export const dialog = (page) => page.getByRole('dialog')
export const send = (page) => dialog(page).locator('button[type=submit]').click()
export const state = (page, word) => page.locator('.qk-page__head').first().getByText(word).waitFor()
export const gates = (page) => page.getByTestId('gates')
export const step = (page, name) => page.getByTestId(`step-${name}`)
/** Waits until the draft waits at a gate. */
export const present = (page, gate) => gates(page).locator('[aria-current=step] .gate__title').getByText(gate).waitFor()
export const warning = (id, as = AIR) => ask(`/api/v1/warnings/${id}`, as)
/** No document number is used twice. */
export const number = () => `演〔2018〕${Date.now().toString(36)}${Math.round(performance.now())}号`
export const clean = async (page) => {
  // What lies half under the top bar is too small a target only by accident.
  await page.evaluate(() => scrollTo(0, 0))
  await settled(page)
  assert.deepEqual(await violations(page), [])
}

/** The whole hour so many hours after a moment. */
const after = (moment, hours) =>
  `${new Date(Date.parse(moment) + (hours + 8) * 3_600_000).toISOString().slice(0, 13)}:00:00+08:00`

/** An exercise on one city, as the server does it; it waits at the assessment. */
export async function exercise(city) {
  const { as_of } = await ask('/api/v1/status')
  const terms = { level: 'yellow', cause: 'pm25', cities: [city], start: after(as_of, 26), end: after(as_of, 74) }
  const body = { exercise: true, terms, reason: '演练：桌面推演', prompt: null }
  return order(AIR, 'POST', '/api/v1/warnings', { body })
}

export async function take(as, { id, version }, name, body) {
  return order(as, 'POST', `/api/v1/warnings/${id}/${name}`, { body, version })
}

/** The same, already in force. */
export async function inForce(city) {
  let now = await exercise(city)
  now = await take(AIR, now, 'assess', { draft: now.draft.number, opinion: '同意' })
  now = await take(LEADER, now, 'sign', { digest: now.draft.digest, opinion: '' })
  return take(AIR, now, 'issue', { document: number() })
}

/** So that the next test may warn the same cities. */
export async function withdraw(id) {
  let now = await warning(id)
  if (now.draft) now = await take(AIR, now, 'drop', { text: '演练结束' })
  if (now.state !== 'in_force') return
  now = await take(AIR, now, 'draft', { change: 'withdraw', terms: now.terms, reason: '演练结束' })
  now = await take(AIR, now, 'assess', { draft: now.draft.number, opinion: '演练结束' })
  now = await take(LEADER, now, 'sign', { digest: now.draft.digest, opinion: '' })
  await take(AIR, now, 'issue', { document: number() })
}
