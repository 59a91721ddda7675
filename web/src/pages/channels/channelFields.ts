import type { Channel, ChannelSettings } from '@/api/types'

/** One setting of a channel and how it is asked for. */
export interface ChannelField {
  name: string
  kind: 'text' | 'number' | 'area' | 'choice'
  choices?: readonly string[]
  required?: boolean
  start?: string | number
}

const url: ChannelField = { name: 'url', kind: 'text', required: true }
const language: ChannelField = { name: 'language', kind: 'choice', choices: ['zh', 'en'], start: 'zh' }

/** The settings of each kind; the server checks what is in them. */
export const FIELDS: Record<string, readonly ChannelField[]> = {
  email: [
    { name: 'host', kind: 'text', required: true },
    { name: 'port', kind: 'number', required: true, start: 587 },
    { name: 'security', kind: 'choice', choices: ['starttls', 'tls', 'plain'], start: 'starttls' },
    { name: 'user', kind: 'text' },
    { name: 'from', kind: 'text', required: true },
    language,
  ],
  sms: [
    { name: 'method', kind: 'choice', choices: ['POST', 'GET'], start: 'POST' },
    url,
    { name: 'content_type', kind: 'text', start: 'application/json' },
    { name: 'body', kind: 'area' },
    { name: 'pointer', kind: 'text' },
    { name: 'equals', kind: 'text' },
    language,
  ],
  wecom: [{ ...url, start: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send' }, language],
  dingtalk: [{ ...url, start: 'https://oapi.dingtalk.com/robot/send' }, { name: 'keyword', kind: 'text' }, language],
  feishu: [{ ...url, start: 'https://open.feishu.cn/open-apis/bot/v2/hook/' }, language],
  webhook: [url, { name: 'digest', kind: 'choice', choices: ['sha256', 'sm3'], start: 'sha256' }, language],
}

/** The secrets of each kind, for a channel that is not yet known to the server. */
export const SECRETS: Record<string, readonly { name: string; needed: boolean }[]> = {
  email: [{ name: 'password', needed: false }],
  sms: [{ name: 'token', needed: false }],
  wecom: [{ name: 'key', needed: true }],
  dingtalk: [
    { name: 'access_token', needed: true },
    { name: 'sign_secret', needed: false },
  ],
  feishu: [
    { name: 'token', needed: true },
    { name: 'sign_secret', needed: false },
  ],
  webhook: [{ name: 'secret', needed: true }],
}

export const KINDS = Object.keys(FIELDS)

type Draft = Record<string, string | number>

/** What the form begins with. */
export function draftOf(kind: string, channel: Channel | null): Draft {
  const settings = channel?.settings?.kind === kind ? channel.settings : null
  const success = (settings?.['success'] ?? {}) as Draft
  return Object.fromEntries(
    (FIELDS[kind] ?? []).map(({ name, start }) => [
      name,
      ((settings?.[name] ?? success[name]) as string | number | null | undefined) ?? (settings ? '' : (start ?? '')),
    ]),
  )
}

/** The settings as the server takes them: what was left empty is left out. */
export function settingsOf(kind: string, draft: Draft): ChannelSettings {
  const { pointer, equals, ...rest } = draft
  const given = Object.entries(rest).filter(([, value]) => value !== '')
  const success = pointer ? { success: { pointer, equals: equals ?? '' } } : {}
  return { kind, ...Object.fromEntries(given), ...success }
}
