import { address, read, send, type Outcome, type Page, type Query } from './client'
import type {
  AuditRecord,
  CalendarYear,
  ChainState,
  Channel,
  ChannelSettings,
  Counts,
  Delivery,
  Job,
  Notice,
  Shown,
  Template,
  Timer,
  TrialResult,
} from './types'

export interface AuditFilter {
  from?: string
  to?: string
  account?: string
  kind?: string
  id?: string
  name?: string
  q?: string
}
export interface ChannelBody {
  name: string
  settings: ChannelSettings
  secrets: Record<string, string>
  active?: boolean
}

type Counted<T> = Page<T> & { counts: Counts }
type Retried = { retried: boolean }

/** The event log and its chain. */
export const auditApi = {
  list: (filter: AuditFilter, cursor?: string): Promise<Outcome<Page<AuditRecord>>> =>
    read('/audit', { ...filter, cursor }),
  state: (): Promise<Outcome<ChainState>> => read('/audit/state'),
  verify: (key: string): Promise<ChainState> => send('POST', '/audit/verify', { key }),
  anchor: (key: string): Promise<ChainState> => send('POST', '/audit/anchor', { key }),
  exportAddress: (filter: AuditFilter, format: 'csv' | 'xlsx') => address('/audit', { ...filter, format }),
}

/** Jobs, timers and the calendar they count by. */
export const workApi = {
  jobs: (state: string): Promise<Outcome<Counted<Job>>> => read('/jobs', { state }),
  timers: (state: string): Promise<Outcome<Counted<Timer>>> => read('/timers', { state }),
  retryJob: (id: string, key: string): Promise<Retried> =>
    send('POST', `/jobs/${encodeURIComponent(id)}/retry`, { key }),
  retryTimer: (timer: string, key: string): Promise<Retried> =>
    send('POST', `/timers/${encodeURIComponent(timer)}/retry`, { key }),
  calendar: (year?: number): Promise<Outcome<CalendarYear>> => read('/calendar', { year }),
}

/** The own in-tray, and how notices go out. */
export const noticesApi = {
  list: (query: Query, cursor?: string): Promise<Outcome<Page<Notice>>> => read('/notices', { ...query, cursor }),
  read: (id: string, key: string): Promise<null> => send('POST', `/notices/${id}/read`, { key }),
  readAll: (key: string): Promise<null> => send('POST', '/notices/read-all', { key }),
  channels: (): Promise<Outcome<Page<Channel>>> => read('/channels'),
  addChannel: (body: ChannelBody, key: string): Promise<Channel> => send('POST', '/channels', { body, key }),
  changeChannel: (channel: Channel, body: Partial<ChannelBody>): Promise<Channel> =>
    send('PATCH', `/channels/${channel.id}`, { body, version: channel.version }),
  removeChannel: (channel: Channel): Promise<null> =>
    send('DELETE', `/channels/${channel.id}`, { version: channel.version }),
  testChannel: (id: string, to: string, key: string): Promise<TrialResult> =>
    send('POST', `/channels/${id}/test`, { body: { to: to || null }, key }),
  templates: (): Promise<Outcome<Page<Template>>> => read('/templates'),
  preview: (body: { id: string; values: Record<string, string> }, key: string): Promise<Shown> =>
    send('POST', '/templates/preview', { body, key }),
  deliveries: (query: Query, cursor?: string): Promise<Outcome<Page<Delivery>>> =>
    read('/deliveries', { ...query, cursor }),
  retryDelivery: (id: string, key: string): Promise<null> => send('POST', `/deliveries/${id}/retry`, { key }),
}
