// A warning with two accounts: proposed from the rules, assessed, signed by somebody else, issued, raised and lifted;
// then what is refused, what a phone shows, and the whole way by keyboard alone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, newPage, open, PHONE } from './browser.mjs'
import { ask, call, expectPages, server, waitForRun } from './server.mjs'
import {
  AIR,
  clean,
  dialog,
  exercise,
  gates,
  inForce,
  LEADER,
  number,
  onPage,
  present,
  send,
  state,
  step,
  take,
  warning,
  withdraw,
} from './warning.mjs'

let browser

before(async () => {
  await expectPages()
  await waitForRun()
  browser = await launch()
})

after(() => browser?.close())

test('a warning goes from the proposal over its gates to the issue, is raised and lifted', async () => {
  let id
  await onPage(browser, AIR, '/warnings', async (page) => {
    await page.getByTestId('proposal').locator('tbody tr').first().waitFor()
    await clean(page)
    await page.getByTestId('propose').click()
    const form = dialog(page)
    assert.ok(await form.locator('input[name=exercise]').isChecked(), 'on demonstration data it is an exercise')
    assert.ok(await form.locator('input[name=exercise]').isDisabled())
    if ((await form.locator('fieldset input:checked').count()) === 0)
      await form.getByRole('checkbox', { name: '徐州' }).check()
    await form.locator('textarea[name=reason]').fill('演练：检验流程')
    await clean(page)
    await send(page)
    await page.waitForURL((url) => /^\/warnings\/[^/]+$/.test(url.pathname))
    id = new URL(page.url()).pathname.split('/').at(-1)
    await state(page, '拟发布')
    await page.locator('.exercise-mark').first().getByText('演练').waitFor()
    await step(page, 'assess').click()
    await dialog(page).locator('textarea[name=opinion]').fill('静稳持续，同意发布')
    await send(page)
    await present(page, '审签')
    assert.ok(await step(page, 'sign').isDisabled(), 'who assessed it cannot sign it')
    assert.ok((await gates(page).locator('[aria-current=step] .note').last().innerText()).length > 4, 'and why')
    await clean(page)
  })

  await onPage(browser, LEADER, '/warnings?mine=true', async (page) => {
    await page.getByTestId('warnings').locator(`a[href="/warnings/${id}"]`).click()
    await page.getByTestId('timeline').waitFor()
    await step(page, 'sign').click()
    const { draft } = await warning(id, LEADER)
    await dialog(page).getByTestId('digest').getByText(draft.digest).waitFor()
    await clean(page)
    await send(page)
    await present(page, '发布')
  })

  await onPage(browser, AIR, `/warnings/${id}`, async (page) => {
    const first = number()
    await step(page, 'issue').click()
    await dialog(page).locator('input[name=document]').fill(first)
    await send(page)
    await state(page, '生效')
    await page.getByTestId('documents').getByText(first).waitFor()
    await page.getByTestId('timeline').locator('.lane__bar--held').first().waitFor()
    await page.getByTestId('warning-banner').getByText('演练').waitFor()
    await page.getByTestId('counterfactual').locator('tbody tr').first().waitFor()
    await page.getByTestId('lift-slider').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await clean(page)

    await step(page, 'raise').click()
    await dialog(page).locator('select[name=level]').selectOption('red')
    await dialog(page).locator('textarea[name=reason]').fill('演练：强度加重')
    await clean(page)
    await send(page)
    await gates(page).getByText('升级').first().waitFor()
    await page.getByTestId('timeline').locator('.lane__bar--drafted').first().waitFor()
    await step(page, 'assess').click()
    await dialog(page).locator('textarea[name=opinion]').fill('同意升级')
    await send(page)
    await present(page, '审签')
  })
  const waiting = await warning(id)
  await take(LEADER, waiting, 'sign', { digest: waiting.draft.digest, opinion: '同意' })

  await onPage(browser, AIR, `/warnings/${id}`, async (page) => {
    await step(page, 'issue').click()
    await dialog(page).locator('input[name=document]').fill(number())
    await send(page)
    await page.getByTestId('terms').getByText('红色').waitFor()
    await page.keyboard.press('x')
    await dialog(page).locator('input[name=end]').waitFor()
    assert.equal(await dialog(page).locator('select[name=level]').count(), 0, 'of a lift the end alone is decided')
    await dialog(page).locator('textarea[name=reason]').fill('演练：扩散条件转好')
    await send(page)
    await step(page, 'assess').click()
    await dialog(page).locator('textarea[name=opinion]').fill('同意解除')
    await send(page)
    await present(page, '审签')
  })
  const ending = await warning(id)
  const signed = await take(LEADER, ending, 'sign', { digest: ending.draft.digest, opinion: '' })
  await take(AIR, signed, 'issue', { document: number() })

  await onPage(browser, AIR, `/warnings/${id}`, async (page) => {
    await state(page, '已解除')
    await page.getByTestId('review').waitFor()
    await step(page, 'summarise').click()
    await dialog(page).locator('textarea[name=text]').fill('流程顺畅。')
    await send(page)
    await page.getByTestId('summary').getByText('流程顺畅').waitFor()
    assert.equal(await page.getByTestId('documents').locator('li').count(), 3)
    await clean(page)
  })
  const { rows } = await ask(`/api/v1/warnings/${id}/deliveries`, AIR)
  assert.deepEqual(rows, [], 'an exercise is delivered to nobody')
})

test('when two decide at once the later one is told so, and the draft stays', async () => {
  const { id } = await inForce('320500')
  try {
    // Not by `onPage`: the refusal of the server is an error in the console of the browser.
    const { page, context } = await newPage(browser, { as: AIR })
    await open(page, { path: `/warnings/${id}`, ready: '[data-testid=gates]' })
    // What the other one does is not heard here before the button is pressed.
    await page.route(`**/api/v1/warnings/${id}`, (route) => route.abort())
    await step(page, 'extend').click()
    await dialog(page).locator('textarea[name=reason]').fill('我也要延长')
    const seen = await warning(id)
    const { terms: next } = seen.changes.find((one) => one.change === 'extend')
    await take(AIR, seen, 'draft', { change: 'extend', terms: next ?? seen.terms, reason: '别人先拟了' })
    await send(page)
    const alert = dialog(page).getByRole('alert')
    await alert.waitFor()
    assert.match(await alert.innerText(), /[A-Z]-\d{3}/, 'with its code')
    assert.equal(await dialog(page).locator('textarea[name=reason]').inputValue(), '我也要延长')
    await page.unroute(`**/api/v1/warnings/${id}`)
    await context.close()
    assert.equal((await warning(id)).draft.reason, '别人先拟了')
  } finally {
    await withdraw(id)
  }
})

test('who opened the sign-off before the draft was written anew does not sign the new one unseen', async () => {
  let now = await exercise('320600')
  now = await take(AIR, now, 'assess', { draft: now.draft.number, opinion: '同意' })
  const { page, context } = await newPage(browser, { as: LEADER })
  await open(page, { path: `/warnings/${now.id}`, ready: '[data-testid=gates]' })
  await step(page, 'sign').click()
  const again = await take(AIR, now, 'draft', {
    change: 'issue',
    terms: now.draft.terms,
    reason: '改了理由',
  })
  await take(AIR, again, 'assess', { draft: again.draft.number, opinion: '再次同意' })
  await dialog(page).getByText('文稿已被改写').waitFor()
  await send(page)
  await dialog(page).getByRole('alert').waitFor()
  assert.equal((await warning(now.id)).draft.signed, null)
  await context.close()
  await withdraw(now.id)
})

test('a warning is proposed and passed on by keyboard alone', async () => {
  await onPage(browser, AIR, '/map', async (page) => {
    await page.keyboard.press('g')
    await page.keyboard.press('w')
    await page.waitForURL('**/warnings')
    await page.getByTestId('propose').waitFor()
    await page.getByTestId('propose').focus()
    await page.keyboard.press('Enter')
    const form = dialog(page)
    await form.waitFor()
    for (const box of await form.locator('fieldset input:checked').all()) {
      await box.focus()
      await page.keyboard.press('Space')
    }
    await form.getByRole('checkbox', { name: '连云港' }).focus()
    await page.keyboard.press('Space')
    await form.locator('textarea[name=reason]').focus()
    await page.keyboard.type('演练：只用键盘')
    await form.locator('button[type=submit]').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => /^\/warnings\/[^/]+$/.test(url.pathname))
    const id = new URL(page.url()).pathname.split('/').at(-1)
    await gates(page).waitFor()
    await page.keyboard.press('g')
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), 'step-assess')
    await page.keyboard.press('Enter')
    await dialog(page).locator('textarea').waitFor()
    await page.keyboard.type('同意')
    await dialog(page).locator('button[type=submit]').focus()
    await page.keyboard.press('Enter')
    await present(page, '审签')
    await page.keyboard.press('?')
    await dialog(page).getByText('延长预警').waitFor()
    await page.keyboard.press('Escape')
    await withdraw(id)
  })
})

test('on a phone the warnings are cards, and a gate is passed with large buttons', async () => {
  const made = await exercise('320700')
  await onPage(
    browser, LEADER,
    '/warnings',
    async (page) => {
      await page.getByTestId('warnings').locator(`a[href="/warnings/${made.id}"]`).waitFor()
      const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      assert.ok(wide <= shown, `the page is ${wide} wide on ${shown}`)
      await clean(page)
    },
    { viewport: PHONE, scale: 2, touch: true },
  )
  await onPage(
    browser, AIR,
    `/warnings/${made.id}`,
    async (page) => {
      const box = await step(page, 'assess').boundingBox()
      assert.ok(box.height >= 44)
      await clean(page)
    },
    { viewport: PHONE, scale: 2, touch: true },
  )
  await withdraw(made.id)
})

test('the wall shows what holds and says when it is not up to date', async () => {
  const { id } = await inForce('320900')
  try {
    const { page, context } = await newPage(browser, { as: LEADER })
    await page.goto(`${server}/wall/warning`)
    await page.getByTestId('wall').getByText('生效中').first().waitFor()
    await page.getByTestId('wall').getByText('演练').first().waitFor()
    await clean(page)
    await context.close()
  } finally {
    await withdraw(id)
  }
})

test('a warning that is not there is named as such, and a document is refused to nobody who may read', async () => {
  const { page, context } = await newPage(browser, { as: AIR })
  await page.goto(`${server}/warnings/00000000-0000-7000-8000-000000000000`)
  await page.getByText('没有这次预警').waitFor()
  await clean(page)
  await context.close()
  const made = await exercise('321000')
  for (const [format, start] of [
    ['docx', 'PK'],
    ['pdf', '%PDF'],
  ]) {
    const answer = await call(AIR, 'GET', `/api/v1/warnings/${made.id}/document?format=${format}`)
    assert.equal(answer.status, 200)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    assert.equal(new TextDecoder('latin1').decode(bytes.slice(0, start.length)), start)
  }
  await withdraw(made.id)
})
