import { describe, expect, it } from 'vitest'
import { draftOf, FIELDS, SECRETS, settingsOf } from './channelFields'

const channel = {
  id: 'c1',
  name: '短信',
  organisation: null,
  settings: { kind: 'sms', url: 'https://sms.example/send', success: { pointer: '/code', equals: '0' } },
  active: true,
  secrets: [],
  version: 3,
}

describe('the form of a channel', () => {
  it('begins with what is usual, or with what is there', () => {
    expect(draftOf('email', null)).toMatchObject({ port: 587, security: 'starttls', user: '' })
    expect(draftOf('sms', channel)).toMatchObject({ url: 'https://sms.example/send', pointer: '/code', body: '' })
  })

  it('forgets the settings of another kind', () =>
    expect(draftOf('webhook', channel)).toEqual({ url: '', digest: 'sha256', language: 'zh' }))

  it('sends what was filled in, in the shape of the server', () =>
    expect(settingsOf('sms', { ...draftOf('sms', channel), content_type: '' })).toEqual(channel.settings))

  it('knows secrets for every kind', () => expect(Object.keys(SECRETS)).toEqual(Object.keys(FIELDS)))
})
