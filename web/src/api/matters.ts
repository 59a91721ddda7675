import { address, read, send, type Outcome, type Page } from './client'
import type { Attachment, Matter, MatterRow, Suggestion } from './types'

/** What narrows a list of matters; left out means all. */
export interface MatterFilter {
  state?: string
  q?: string
  owner?: string
  assigned?: string
  responsible?: string
  due_before?: string
  sort?: string
}

export interface NewMatter {
  title: string
  text: string
  assigned: string[]
  due: string | null
  secrecy: string
}

export interface StepBody {
  text?: string
  title?: string
  assigned?: string[]
  responsible?: string
  due?: string
  reason?: string
}

/** Matters (事项) and the evidence that belongs to them. */
export const mattersApi = {
  list: (filter: MatterFilter, cursor?: string): Promise<Outcome<Page<MatterRow>>> =>
    read('/matters', { ...filter, cursor }),
  count: (filter: MatterFilter): Promise<Outcome<{ total: number }>> => read('/matters/count', { ...filter }),
  suggest: (q: string): Promise<Outcome<Page<Suggestion>>> => read('/matters/suggest', { q }),
  one: (id: string): Promise<Outcome<Matter>> => read(`/matters/${encodeURIComponent(id)}`),
  create: (body: NewMatter, key: string): Promise<Matter> => send('POST', '/matters', { body, key }),
  step: (id: string, step: string, body: StepBody, version: number, key: string): Promise<Matter> =>
    send('POST', `/matters/${encodeURIComponent(id)}/${step}`, { body, version, key }),
  evidence: (matter: string): Promise<Outcome<Page<Attachment>>> => read('/attachments', { matter }),
  attach: (matter: string, file: File, key: string): Promise<Attachment> =>
    send('POST', '/attachments', { query: { matter, name: file.name }, file, key }),
  withdraw: (file: Attachment, reason: string, key: string): Promise<Attachment> =>
    send('POST', `/attachments/${file.id}/withdraw`, { body: { reason }, version: file.version, key }),
  exportAddress: (filter: MatterFilter, format: 'csv' | 'xlsx') => address('/matters', { ...filter, format }),
  fileAddress: (id: string) => address(`/attachments/${id}`),
}
