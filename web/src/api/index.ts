import createClient from 'openapi-fetch'
import { guarded, refusal, type Outcome } from './client'
import type { paths } from './schema.gen'
import type { Pending } from './types'

export type { Outcome, Page } from './client'

const client = createClient<paths>({ baseUrl: '', fetch: guarded })

async function outcome<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<Outcome<Exclude<T, Pending>>> {
  const { data, error, response } = await answer
  if (response.status === 202) return { kind: 'pending' }
  if (!response.ok || data === undefined) throw refusal(response.status, error)
  return { kind: 'ready', data: data as Exclude<T, Pending> }
}

type Range = { from?: string; to?: string }

export const api = {
  status: () => outcome(client.GET('/api/v1/status')),
  setClock: (as_of: string) => outcome(client.PUT('/api/v1/clock', { body: { as_of } })),
  situation: () => outcome(client.GET('/api/v1/situation')),
  cities: () => outcome(client.GET('/api/v1/cities')),
  city: (code: string, query: Range) =>
    outcome(client.GET('/api/v1/cities/{code}', { params: { path: { code }, query } })),
  forecast: (code: string) => outcome(client.GET('/api/v1/cities/{code}/forecast', { params: { path: { code } } })),
  proposal: () => outcome(client.GET('/api/v1/warnings/proposal')),
  sites: (at: string) => outcome(client.GET('/api/v1/sites', { params: { query: { at } } })),
  quality: (query: Range) => outcome(client.GET('/api/v1/quality', { params: { query } })),
  imports: () => outcome(client.GET('/api/v1/imports')),
  standards: (day?: string) => outcome(client.GET('/api/v1/standards', { params: { query: { day } } })),
}

/** Address of the same figures as a file. */
export function fileAddress(path: string, format: 'csv' | 'xlsx', query: Record<string, string> = {}): string {
  return `/api/v1${path}?${new URLSearchParams({ ...query, format })}`
}
