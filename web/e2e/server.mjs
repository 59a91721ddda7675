// The server under test, asked directly: what the pages show is compared with what it says.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

const RUN_PATIENCE_MS = 10 * 60_000

/** Address of the server, without a slash at the end. */
export const server = (process.env.QINGKONG_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '')

/** Of every demonstration account. */
export const PASSWORD = 'Qingkong-demo-2018'

const sessions = new Map()

/** A session of a demonstration account, one for the whole test file: cookies for the browser and for `fetch`. */
export function session(login) {
  if (!sessions.has(login)) sessions.set(login, logIn(login))
  return sessions.get(login)
}

async function logIn(login) {
  const answer = await fetch(`${server}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password: PASSWORD }),
  })
  assert.equal(answer.status, 200, `log in as ${login}: ${await explain(answer)}`)
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
    return { name, value, url: server, httpOnly: /;\s*HttpOnly/i.test(line), sameSite: 'Lax' }
  })
  return { login, cookies, me: await answer.json() }
}

/** Anything asked of the API as somebody; changes carry what a page of our own would send. */
export async function call(as, method, path, { body, version, type = 'application/json' } = {}) {
  const { cookies } = await session(as)
  const csrf = cookies.find(({ name }) => name === 'qk_csrf').value
  return fetch(server + path, {
    method,
    headers: {
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      ...(method === 'GET' ? {} : { 'x-csrf-token': csrf, 'idempotency-key': randomUUID() }),
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    body: body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body),
  })
}

/** The JSON of one answer; any other answer than a good one fails the test. */
export async function ask(path, as = 'forecaster') {
  return told('GET', path, await call(as, 'GET', path))
}

/** Has something done, and returns what the server answers. */
export async function order(as, method, path, more) {
  return told(method, path, await call(as, method, path, more))
}

async function told(method, path, answer) {
  assert.ok(answer.ok, `${method} ${path}: ${await explain(answer)}`)
  const text = await answer.text()
  return text === '' ? null : JSON.parse(text)
}

/** Moves the replay clock and waits until the forecast of that moment is there. */
export async function setClock(hour) {
  await order('forecaster', 'PUT', '/api/v1/clock', { body: { as_of: hour } })
  return waitForRun()
}

/** Waits until the server has pages and a forecast, and returns its status. */
export async function waitForRun() {
  const deadline = Date.now() + RUN_PATIENCE_MS
  for (;;) {
    const status = await ask('/api/v1/status')
    if (status.run.state === 'ready') return status
    assert.notEqual(status.run.state, 'failed', `the forecast failed: ${status.run.detail}`)
    assert.ok(Date.now() < deadline, `no forecast in time, the run is ${status.run.state}`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** Fails early and plainly when the program was built without its pages. */
export async function expectPages() {
  const page = await (await fetch(server)).text()
  assert.match(
    page,
    /<script[^>]+type="module"/,
    'the program was built without its pages; see the warnings of its build',
  )
}

/** Whole hours between two moments. */
export function hoursBetween(from, to) {
  return (Date.parse(to) - Date.parse(from)) / 3_600_000
}

async function explain(answer) {
  return answer.ok ? '' : `${answer.status} ${(await answer.text()).slice(0, 300)}`
}
