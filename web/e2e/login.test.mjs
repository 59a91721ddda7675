// Who is at the screen: logging in, the way back, what each role opens, and the end of a session.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './axe.mjs'
import { launch, newPage, open, PHONE, settled } from './browser.mjs'
import { call, expectPages, PASSWORD, server } from './server.mjs'

const LOGIN_KB_AT_MOST = 150
const LEDGER_KB_AT_MOST = 200

let browser

before(async () => {
  await expectPages()
  browser = await launch()
})

after(() => browser?.close())

/** Types login and password. */
async function logIn(page, login, password = PASSWORD) {
  const form = page.getByTestId('login-form')
  await form.locator('input[name=login]').fill(login)
  await form.locator('input[name=password]').fill(password)
  await form.locator('button[type=submit]').click()
}

/** Where the menu of somebody leads, after login at the page that the role opens first. */
async function menuOf(login) {
  const { page, context, faults } = await newPage(browser, { as: login })
  await page.goto(server)
  await page.waitForURL((url) => url.pathname !== '/')
  const links = page.locator('nav a')
  await links.first().waitFor()
  const menu = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
  const home = new URL(page.url()).pathname
  await settled(page)
  assert.deepEqual(faults, [], login)
  await context.close()
  return { home, menu }
}

test('a wrong password is refused in words, the right one leads back to the page that was asked for', async () => {
  const { page, context } = await newPage(browser, { as: null })
  await page.goto(`${server}/matters?state=open`)
  await page.waitForURL((url) => url.pathname === '/login')
  await logIn(page, 'nanjing', 'not-the-password-1')
  await page.getByRole('alert').getByText('A-302').waitFor()
  assert.deepEqual(await violations(page), [])
  await logIn(page, 'nanjing')
  await page.waitForURL((url) => url.pathname === '/matters' && url.searchParams.get('state') === 'open')
  await context.close()
})

test('a demonstration account is one click, and logging out leaves nothing behind', async () => {
  const { page, context, faults } = await newPage(browser, { as: null })
  await page.goto(`${server}/login`)
  await page.getByTestId('demo-duty').click()
  await page.waitForURL((url) => url.pathname === '/map')
  await page.getByTestId('account-menu').click()
  await settled(page)
  assert.deepEqual(await violations(page), [])
  await page.getByTestId('log-out').click()
  await page.waitForURL((url) => url.pathname === '/login')
  const names = (await context.cookies()).map((cookie) => cookie.name)
  assert.ok(!names.includes('qk_session') && !names.includes('qk_csrf'), names.join())
  await page.goto(`${server}/map`)
  await page.waitForURL((url) => url.pathname === '/login')
  assert.deepEqual(faults, [])
  await context.close()
})

test('the login never leads to another site', async () => {
  const { page, context } = await newPage(browser, { as: null })
  await page.goto(`${server}/login?back=//evil.example/`)
  await logIn(page, 'auditor')
  await page.waitForURL((url) => url.pathname === '/admin/audit')
  assert.equal(new URL(page.url()).origin, server)
  await context.close()
})

test('forecaster, city bureau, enterprise and auditor each find just their own pages', async () => {
  const air = ['/map', '/cities', '/quality', '/standards']
  const work = ['/inbox', '/matters', '/notices']
  const outlook = ['/forecast', '/rooms', '/verification', '/episodes', '/models']
  const response = ['/warnings', '/plans']
  const forecaster = await menuOf('forecaster')
  assert.deepEqual(forecaster, {
    home: '/map',
    menu: [...work, ...air, ...outlook, ...response, '/admin/organisations'],
  })
  const nanjing = await menuOf('nanjing')
  assert.equal(nanjing.home, '/inbox')
  assert.deepEqual(nanjing.menu, [
    ...[...work, ...air, ...outlook, ...response],
    ...['/admin/organisations', '/admin/roles'],
  ])
  const enterprise = await menuOf('enterprise')
  assert.deepEqual(enterprise, { home: '/inbox', menu: [...work, '/map', '/cities', '/standards', ...response] })
  const auditor = await menuOf('auditor')
  assert.equal(auditor.home, '/admin/audit')
  assert.ok(auditor.menu.includes('/admin/audit') && auditor.menu.includes('/admin/sessions'), auditor.menu.join())
  assert.ok(!auditor.menu.some((link) => [...air, ...outlook, ...response, '/inbox', '/admin/work'].includes(link)), auditor.menu.join())
})

test('a page without the right says what is missing and who can give it, and asks the server for nothing', async () => {
  const { page, context, faults } = await newPage(browser, { as: 'auditor' })
  const asked = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto(`${server}/map`)
  await page.locator('main').getByText('安全管理员批准').waitFor()
  await settled(page)
  assert.ok(!asked.includes('/api/v1/situation'), asked.join())
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(faults, [])
  await context.close()
})

test('a session that ends leaves page and draft, and the login comes to them', async () => {
  const { page, context } = await newPage(browser, { as: null })
  await page.goto(`${server}/login?back=/matters`)
  await logIn(page, 'air')
  await page.getByTestId('new-matter').click()
  const title = page.locator('dialog input[name=title]')
  await title.fill('还没有提交的事项')
  await endSession(context)
  await page.locator('dialog button[type=submit]').click()
  await page.locator('dialog').getByText('A-301').waitFor()
  await page.getByTestId('session-ended').waitFor()
  await page.locator('dialog').getByRole('button', { name: '登录' }).click()
  await page.getByTestId('login-form').locator('input[name=password]').fill(PASSWORD)
  assert.deepEqual(await violations(page), [])
  await page.getByTestId('login-form').locator('button[type=submit]').click()
  await page.getByTestId('session-ended').waitFor({ state: 'detached' })
  assert.equal(await title.inputValue(), '还没有提交的事项')
  await page.locator('dialog button[type=submit]').click()
  await page.getByRole('heading', { level: 1, name: '还没有提交的事项' }).waitFor()
  await context.close()
})

/** Somebody with the right ends the session of this browser. */
async function endSession(context) {
  const cookies = await context.cookies()
  const header = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const own = await (await fetch(`${server}/api/v1/sessions`, { headers: { cookie: header } })).json()
  const { id } = own.items.find((one) => one.current)
  assert.equal((await call('secadmin', 'DELETE', `/api/v1/sessions/${id}`)).status, 204)
}

for (const { name, path, as, most } of [
  { name: 'the login on a phone', path: '/login', as: null, most: LOGIN_KB_AT_MOST },
  { name: 'the inbox of an enterprise on a phone', path: '/inbox', as: 'enterprise', most: LOGIN_KB_AT_MOST },
  { name: 'the ledger', path: '/matters', as: 'air', most: LEDGER_KB_AT_MOST },
])
  test(`${name} transfers no more than its budget`, async () => {
    const phone = most === LOGIN_KB_AT_MOST ? { viewport: PHONE, touch: true } : {}
    const { page, context } = await newPage(browser, { as, ...phone })
    // An intranet without TLS gets gzip only.
    await page.setExtraHTTPHeaders({ 'Accept-Encoding': 'gzip' })
    await open(page, { path, ready: 'h1' })
    const bytes = await page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce(
        (sum, entry) => sum + entry.transferSize,
        0,
      ),
    )
    assert.ok(bytes / 1000 <= most, `${Math.round(bytes / 1000)} kB`)
    await context.close()
  })
