// A consultation with three forecasters, a chair and a signer: bids stay hidden until one's own is in, the conclusion
// begins with their median, somebody else signs it, and a guest sees nothing but the own bid.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage, open, PHONE, settled } from './browser.mjs'
import { ask, call, expectPages, order, server, waitForRun } from './server.mjs'

const XUZHOU = '320300'
const BIDS = {
  forecaster: [132, 182],
  forecaster2: [121, 171],
  forecaster3: [145, 205],
}

let browser

before(async () => {
  await expectPages()
  await waitForRun()
  browser = await launch()
})

after(() => browser?.close())

async function onPage(as, path, work, look = {}) {
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

const dialog = (page) => page.getByRole('dialog')
const send = (page) => dialog(page).locator('button[type=submit]').click()
const state = (page, word) => page.locator('.qk-page__head').first().getByText(word).waitFor()
const room = (id, as = 'chair') => ask(`/api/v1/consultations/${id}`, as)
const unique = (reason) => `${reason} ${Date.now().toString(36)}${Math.round(performance.now())}`

/** Opens a room for the chair, as the server does it. */
const openRoom = (kind = 'joint') =>
  order('chair', 'POST', '/api/v1/consultations', { body: { kind, reason: unique('过程前会商') } })

/** Types a bid on Xuzhou for three days. */
async function bidOnXuzhou(page, [lo, hi], reason) {
  const form = page.getByTestId('bid-form')
  for (const lead of [1, 2, 3]) {
    await form.locator(`input[name=lo-${lead}]`).fill(String(lo))
    await form.locator(`input[name=hi-${lead}]`).fill(String(hi))
    await form.locator('fieldset').nth(lead - 1).getByRole('button', { name: 'PM2.5' }).click()
  }
  await form.locator('textarea[name=reason]').fill(reason)
  await form.locator('textarea[name=reason]').press('Control+Enter')
  await form.getByText('已提交第 1 版').waitFor()
}

/** A city that neither bids nor run speak of is concluded all the same. */
async function fillGaps(form) {
  for (const day of await form.locator('.qk-segment button').all()) {
    await day.click()
    for (const row of await form.locator('tbody tr').all()) {
      const [lo, hi] = [row.locator('input[type=number]').first(), row.locator('input[type=number]').last()]
      if ((await lo.inputValue()) !== '') continue
      await lo.fill('60')
      await hi.fill('100')
      await row.getByRole('button', { name: 'PM2.5' }).click()
    }
  }
  await form.locator('.qk-segment button').first().click()
}

const onXuzhou = (id) => `/rooms/${id}?city=${XUZHOU}`

test('three forecasters, a chair and a signer come to the official forecast and correct it', async () => {
  let id
  await onPage('chair', '/rooms', async (page) => {
    await page.getByTestId('new-room').click()
    await dialog(page).locator('select[name=kind]').selectOption('joint')
    await dialog(page).locator('textarea[name=reason]').fill(unique('徐州静稳过程'))
    await settled(page)
    assert.deepEqual(await violations(page), [])
    await send(page)
    await page.waitForURL((url) => /^\/rooms\/[^/]+$/.test(url.pathname))
    id = new URL(page.url()).pathname.split('/').at(-1)
    await state(page, '会商中')
  })

  for (const [as, range] of Object.entries(BIDS)) {
    const look = as === 'forecaster3' ? { viewport: PHONE, scale: 2, touch: true } : {}
    await onPage(
      as,
      onXuzhou(id),
      async (page) => {
        const bids = page.getByTestId('bids')
        await bids.getByText('提交您的意见后可见他人意见').waitFor()
        assert.equal(await bids.locator('tbody tr').count(), 0, 'nobody writes off the others')
        await bidOnXuzhou(page, range, `${as}：静稳`)
        await bids.getByText(`${range[0]}–${range[1]}`).first().waitFor()
        await settled(page)
        assert.deepEqual(await violations(page), [])
      },
      look,
    )
  }
  await onPage('forecaster', onXuzhou(id), async (page) => {
    for (const [lo, hi] of Object.values(BIDS)) await page.getByTestId('bids').getByText(`${lo}–${hi}`).first().waitFor()
    await page.getByTestId('discussion').locator('textarea').fill('冷空气 17 日到')
    await page.getByTestId('send-remark').click()
    await page.getByTestId('discussion').getByText('冷空气 17 日到').waitFor()
  })

  await onPage('chair', onXuzhou(id), async (page) => {
    const form = page.getByTestId('conclusion-form')
    const hi = form.locator(`input[name=hi-${XUZHOU}-1]`)
    // The weights follow from what this house has scored before: the page shows what the server makes of them.
    const { prefilled, weights } = (await room(id)).room
    const given = prefilled.find((one) => one.city === XUZHOU && one.lead === 1)
    assert.equal(given.bids, 3)
    assert.equal(await form.locator(`input[name=lo-${XUZHOU}-1]`).inputValue(), String(given.lo), 'the median of three')
    assert.equal(await hi.inputValue(), String(given.hi))
    const shown = await page.getByTestId('weights').locator('tbody tr').allInnerTexts()
    assert.deepEqual(
      shown.map((line) => line.split('\t').slice(0, 2)),
      weights.map((one) => [one.participant, `${Math.round(one.weight * 100)}%`]),
    )
    await fillGaps(form)
    await hi.fill('190')
    await hi.press('Tab')
    await page.getByTestId('conclude').click()
    await form.getByRole('alert').getByText('请写明理由').waitFor()
    await form.locator(`input[name=reason-${XUZHOU}-1]`).fill('湿度偏高')
    await settled(page)
    assert.deepEqual(await violations(page), [])
    await page.getByTestId('conclude').click()
    await state(page, '待签发')
    assert.equal(await page.getByTestId('step-sign').count(), 0, 'who wrote it cannot sign it')
  })

  await onPage('duty', `/rooms/${id}`, async (page) => {
    await page.getByTestId('step-sign').click()
    await dialog(page).getByText('徐州').first().waitFor()
    await settled(page)
    assert.deepEqual(await violations(page), [])
    await send(page)
    await state(page, '已签发')
    await page.getByTestId('publication').getByText('徐州').first().waitFor()
    await page.getByTestId('versions').getByText('正式预报').waitFor()
  })

  await onPage('nanjing', `/rooms/${id}`, async (page) => {
    await page.getByTestId('publication').waitFor()
    assert.equal(await page.getByTestId('bids').count(), 0, 'a city sees the conclusion, not the bids')
    assert.equal(await page.getByText('冷空气 17 日到').count(), 0)
  })

  await onPage('chair', onXuzhou(id), async (page) => {
    await page.getByTestId('edit-conclusion').click()
    const form = page.getByTestId('conclusion-form')
    await form.locator(`input[name=hi-${XUZHOU}-1]`).fill('210')
    await form.locator(`input[name=hi-${XUZHOU}-1]`).press('Tab')
    await form.locator('input[name=reason]').fill('实况高于预报')
    await page.getByTestId('conclude').click()
    await state(page, '待签发')
  })
  await onPage('duty', `/rooms/${id}`, async (page) => {
    await page.getByTestId('step-sign').click()
    await send(page)
    await state(page, '已签发')
    await page.getByTestId('versions').getByText('实况高于预报').waitFor()
    assert.equal(await page.getByTestId('versions').locator('li').count(), 2, 'the old version stays readable')
  })
  const { official, versions } = await room(id)
  assert.equal(official.number, 2)
  assert.deepEqual(versions.map((one) => one.state), ['official', 'superseded'])
})

test('the page follows what others do, without being asked again', async () => {
  const { id } = await openRoom()
  await onPage('forecaster2', onXuzhou(id), async (page) => {
    await bidOnXuzhou(page, [100, 140], '先看')
    await order('forecaster3', 'POST', `/api/v1/consultations/${id}/remark`, { body: { text: '夜里有雾' } })
    await page.getByTestId('discussion').getByText('夜里有雾').waitFor()
  })
})

test('a bid that says nothing sound is not sent, and a draft survives a look at another city', async () => {
  const { id } = await openRoom()
  await onPage('forecaster', onXuzhou(id), async (page) => {
    const form = page.getByTestId('bid-form')
    await form.locator('input[name=lo-1]').fill('180')
    await form.locator('input[name=hi-1]').fill('120')
    await page.getByTestId('send-bid').click()
    await form.getByRole('alert').getByText('下限不能大于上限').waitFor()
    await page.getByTestId('city-tabs').getByRole('button', { name: '南京' }).click()
    await page.getByTestId('city-tabs').getByRole('button', { name: '徐州' }).click()
    assert.equal(await form.locator('input[name=lo-1]').inputValue(), '180')
  })
  assert.equal((await room(id, 'forecaster')).room.own_bid, null)
})

test('a guest reads the material and enters a bid by the link, and the link ends when it is taken back', async () => {
  const { id } = await openRoom()
  let link
  await onPage('chair', `/rooms/${id}`, async (page) => {
    await page.getByTestId('invite').click()
    await dialog(page).locator('input[name=name]').fill('王安')
    await dialog(page).locator('input[name=organisation]').fill('安徽省生态环境监测中心')
    await send(page)
    link = await page.getByTestId('guest-link').innerText()
    assert.ok(link.startsWith(`${server}/guest#`), 'the secret stands where no log sees it')
    await settled(page)
    assert.deepEqual(await violations(page), [])
  })
  const address = link.slice(server.length)
  await onPage(null, address, async (page) => {
    await page.getByTestId('guest').getByText('王安').waitFor()
    await page.getByTestId('materials').waitFor()
    await page.getByTestId('city-tabs').getByRole('button', { name: '徐州' }).click()
    await bidOnXuzhou(page, [110, 150], '上风向浓度高')
    await settled(page)
    assert.deepEqual(await violations(page), [])
    assert.equal(await page.getByTestId('bids').getByText('110–150').count(), 3)
    assert.equal(await page.locator('nav').count(), 0, 'nothing else of the house')
  })
  await onPage('chair', `/rooms/${id}`, async (page) => {
    await page.getByTestId('guests').getByRole('button', { name: '收回' }).click()
    await page.getByTestId('guests').getByText('已收回').waitFor()
  })
  const { page, context } = await newPage(browser, { as: null })
  await page.goto(link)
  await page.getByRole('alert').getByText('C-301').waitFor()
  assert.deepEqual(await violations(page), [])
  await context.close()
})

test('the sheet of a consultation is saved as Word and PDF', async () => {
  const { id } = await openRoom('daily')
  for (const [format, start] of [
    ['docx', 'PK'],
    ['pdf', '%PDF'],
  ]) {
    const answer = await call('chair', 'GET', `/api/v1/consultations/${id}/document?format=${format}`)
    assert.equal(answer.status, 200)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    assert.equal(new TextDecoder('latin1').decode(bytes.slice(0, start.length)), start)
  }
})

test('a room that is not there is named as such', async () => {
  // Not by `onPage`: the refusal of the server is an error in the console of the browser.
  const { page, context } = await newPage(browser)
  await page.goto(`${server}/rooms/00000000-0000-7000-8000-000000000000`)
  await page.getByText('没有这次会商').waitFor()
  await settled(page)
  assert.deepEqual(await violations(page), [])
  await context.close()
})
