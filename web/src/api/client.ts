import { Problem, problemOf } from './problem'

/** What a request came to: the figures, or word that they are still being worked out. */
export type Outcome<T> = { kind: 'ready'; data: T } | { kind: 'pending' }

/** One page of a list; `total` counts all pages. */
export interface Page<T> {
  items: T[]
  total: number
  next: string | null
}

export type Query = Record<string, string | number | boolean | null | undefined>

export interface Command {
  body?: unknown
  query?: Query
  /** The version that was seen; sent as `If-Match`. */
  version?: number
  /** Names the person's action, the same one when it is sent again. */
  key?: string
  /** What a request says beside. */
  headers?: Record<string, string>
  /** A file as the whole body. */
  file?: Blob
}

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

const SAFE = ['GET', 'HEAD']
const ROOT = '/api/v1'
const listeners = new Set<(problem: Problem) => void>()

/** Hears of every refusal of the server, wherever it was met. */
export function onRefusal(listener: (problem: Problem) => void) {
  listeners.add(listener)
}

/** The refusal in an answer, made known to all who listen. */
export function refusal(status: number, body: unknown): Problem {
  const problem = problemOf(status, body)
  listeners.forEach((listener) => listener(problem))
  return problem
}

/** The value of the readable cookie that a page of our own repeats with every change. */
export function csrfToken(cookies: string): string {
  return /(?:^|;\s*)qk_csrf=([^;]*)/.exec(cookies)?.[1] ?? ''
}

/** `fetch`, with the proof that a change comes from this page. */
export function guarded(request: Request): Promise<Response> {
  if (!SAFE.includes(request.method)) request.headers.set('X-CSRF-Token', csrfToken(document.cookie))
  return fetch(request)
}

/** Path and question without what was left open. */
export function address(path: string, query: Query = {}): string {
  const asked = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  )
  return `${ROOT}${path}${asked.length ? `?${new URLSearchParams(asked)}` : ''}`
}

export async function read<T>(path: string, query?: Query, more?: Record<string, string>): Promise<Outcome<T>> {
  const headers = { Accept: 'application/json', ...more }
  const response = await guarded(new Request(address(path, query), { headers }))
  if (response.status === 202) return { kind: 'pending' }
  return { kind: 'ready', data: (await content(response)) as T }
}

/** Has the server do something, and returns what it answers; nothing for 204. */
export async function send<T>(method: Method, path: string, command: Command = {}): Promise<T> {
  const request = new Request(address(path, command.query), {
    method,
    headers: headers(command),
    body: command.file ?? (command.body === undefined ? null : JSON.stringify(command.body)),
  })
  return (await content(await guarded(request))) as T
}

function headers({ body, version, key, file, headers: more }: Command): Record<string, string> {
  return {
    Accept: 'application/json',
    ...more,
    ...(file ? { 'Content-Type': file.type || 'application/octet-stream' } : {}),
    ...(!file && body !== undefined ? { 'Content-Type': 'application/json' } : {}),
    ...(version === undefined ? {} : { 'If-Match': `"${version}"` }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
  }
}

async function content(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!response.ok) throw refusal(response.status, parsed(text))
  return text === '' ? null : JSON.parse(text)
}

/** A gateway's page of an error is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
