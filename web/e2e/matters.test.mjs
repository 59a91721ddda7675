// A matter from its creation to its close, and what those see whom it is none of their business.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage, open, settled } from './browser.mjs'
import { ask, call, expectPages, order, server } from './server.mjs'

const NANJING = '320100'
const XUZHOU = '320300'

let browser

before(async () => {
  await expectPages()
  browser = await launch()
})

after(() => browser?.close())

/** A matter of the province for one city, with a title of its own. */
function matterFor(city, title) {
  return order('air', 'POST', '/api/v1/matters', { body: { title, text: '两个工作日内反馈。', assigned: [city] } })
}

const unique = (title) => `${title} ${Date.now().toString(36)}${Math.round(performance.now())}`

async function onPage(as, path, work, look = {}) {
  const { page, context, faults } = await newPage(browser, { as, ...look })
  try {
    await open(page, { path, ready: 'main h1' })
    await work(page, faults)
  } finally {
    await context.close()
  }
}

const step = (page, id) => page.getByTestId(`step-${id}`)
const dialog = (page) => page.getByRole('dialog')
const send = (page) => dialog(page).locator('button[type=submit]').click()

test('created, acknowledged, proven, submitted and approved by a second side', async () => {
  const title = unique('核查夜间施工扬尘')
  let address
  await onPage('air', '/matters', async (page, faults) => {
    await page.getByTestId('new-matter').click()
    await dialog(page).locator('input[name=title]').fill(title)
    await dialog(page).locator('textarea[name=text]').fill('拍照留存。')
    await dialog(page).getByRole('combobox', { name: '承办单位' }).fill('南京市生态')
    await dialog(page).getByRole('option', { name: '南京市生态环境局' }).click()
    await settled(page)
    assert.deepEqual(await violations(page), [])
    await send(page)
    await page.waitForURL((url) => /^\/matters\/[^/]+$/.test(url.pathname))
    address = new URL(page.url()).pathname
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
    assert.deepEqual(faults, [])
  })
  await onPage('nanjing', '/inbox?view=open', async (page, faults) => {
    await page.getByRole('link', { name: title }).click()
    await page.waitForURL((url) => url.pathname === address)
    await step(page, 'acknowledge').click()
    await send(page)
    await step(page, 'submit').waitFor()
    const file = { name: '核查记录.txt', mimeType: 'text/plain', buffer: Buffer.from(`核查记录 ${title}`) }
    await page.getByTestId('evidence-file').setInputFiles(file)
    await page.getByRole('link', { name: '核查记录.txt' }).waitFor()
    await page.getByText(/(sha256|sm3):[0-9a-f]{64}/).waitFor()
    await step(page, 'submit').click()
    await dialog(page).locator('textarea[name=text]').fill('三处工地已整改。')
    await send(page)
    await page.getByText('三处工地已整改。').waitFor()
    await settled(page)
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(faults, [])
  })
  await onPage('air', address, async (page, faults) => {
    await step(page, 'approve').click()
    await send(page)
    await page.getByText('已办结').first().waitFor()
    assert.deepEqual(faults, [])
  })
})

test('what one city has to do, another one does not see: not in the list, not by its address', async () => {
  const mine = unique('南京的事项')
  const theirs = unique('徐州的事项')
  await matterFor(NANJING, mine)
  const { id } = await matterFor(XUZHOU, theirs)
  await onPage('nanjing', '/matters?sort=created', async (page) => {
    await page.getByRole('link', { name: mine }).waitFor()
    assert.equal(await page.getByText(theirs).count(), 0)
    await page.goto(`${server}/matters/${id}`)
    await page.getByText('没有这件事项').waitFor()
    const hidden = await page.locator('main .qk-page').innerText()
    await page.goto(`${server}/matters/00000000-0000-7000-8000-000000000000`)
    await page.getByText('没有这件事项').waitFor()
    assert.equal(await page.locator('main .qk-page').innerText(), hidden, 'hidden and unknown look the same')
  })
  await onPage('enterprise', '/matters?sort=created', async (page) => {
    await settled(page)
    assert.equal(await page.getByText(mine).count(), 0)
    assert.equal(await page.getByText(theirs).count(), 0)
  })
})

test('somebody was faster: the draft stays, the change is shown, and sending again works', async () => {
  const { id, version } = await matterFor(NANJING, unique('两人同时办理'))
  await onPage('nanjing', `/matters/${id}`, async (page) => {
    await step(page, 'comment').click()
    await dialog(page).locator('textarea[name=text]').fill('我的意见')
    // The stream of news would bring the change at once; here it must be met on sending.
    await page.route('**/api/v1/matters/*', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()))
    await order('air', 'POST', `/api/v1/matters/${id}/reschedule`, { body: { due: '2018-02-28' }, version })
    await send(page)
    await dialog(page).getByText('E-409').waitFor()
    await page.unroute('**/api/v1/matters/*')
    assert.equal(await dialog(page).locator('textarea[name=text]').inputValue(), '我的意见')
    await send(page)
    await dialog(page).getByText('2018-02-28').waitFor()
    await settled(page)
    assert.deepEqual(await violations(page), [])
    await send(page)
    await dialog(page).waitFor({ state: 'detached' })
    await page.getByText('我的意见').waitFor()
  })
})

test('an action that is sent again after a break is done once', async () => {
  const { id } = await matterFor(NANJING, unique('断线重发'))
  await onPage('nanjing', `/matters/${id}`, async (page) => {
    await step(page, 'comment').click()
    await dialog(page).locator('textarea[name=text]').fill('只记一次')
    // The server hears the first one, the page never hears the answer.
    await page.route('**/comment', async (route) => {
      await route.fetch()
      await route.abort()
    }, { times: 1 })
    await send(page)
    await dialog(page).getByRole('alert').waitFor()
    await send(page)
    await dialog(page).waitFor({ state: 'detached' })
  })
  const { history } = await ask(`/api/v1/matters/${id}`, 'nanjing')
  assert.equal(history.filter((line) => line.text === '只记一次').length, 1)
})

test('a new matter rings the bell of those who have to do it', async () => {
  await onPage('nanjing', '/notices', async (page) => {
    const title = unique('通知测试')
    await matterFor(NANJING, title)
    await page.getByText(title).first().waitFor()
    assert.match(await page.getByTestId('notice-bell').innerText(), /\d/)
  })
})

test('a file that is no evidence is refused with its reason', async () => {
  const { id } = await matterFor(NANJING, unique('不合格的文件'))
  await onPage('nanjing', `/matters/${id}`, async (page) => {
    const file = { name: '照片.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg onload="alert(1)"></svg>') }
    await page.getByTestId('evidence-file').setInputFiles(file)
    await page.getByRole('alert').getByText(/A-42\d/).waitFor()
    assert.equal((await (await call('nanjing', 'GET', `/api/v1/attachments?matter=${id}`)).json()).items.length, 0)
  })
})
