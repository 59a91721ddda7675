// The server under test, asked directly: what the pages show is compared with what it says.
import assert from 'node:assert/strict'

const RUN_PATIENCE_MS = 10 * 60_000

/** Address of the server, without a slash at the end. */
export const server = (process.env.QINGKONG_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '')

/** The JSON of one answer; any answer but 200 fails the test. */
export async function ask(path) {
  const answer = await fetch(server + path)
  assert.equal(answer.status, 200, `GET ${path}: ${await explain(answer)}`)
  return answer.json()
}

/** Moves the replay clock and waits until the forecast of that moment is there. */
export async function setClock(hour) {
  const answer = await fetch(`${server}/api/v1/clock`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as_of: hour }),
  })
  assert.equal(answer.status, 200, `PUT /api/v1/clock ${hour}: ${await explain(answer)}`)
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
  return answer.status === 200 ? '' : `${answer.status} ${(await answer.text()).slice(0, 300)}`
}
