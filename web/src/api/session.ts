import { read, send, type Outcome, type Page } from './client'
import type { LoginOptions, Me, NewToken, NoticeWishes, SessionRow, TokenRow, TotpSecret } from './types'

export type { Me } from './types'

export interface Credentials {
  login: string
  password: string
  totp?: string
}

/** Logging in and out, and what belongs to the own account. */
export const sessionApi = {
  me: (): Promise<Outcome<Me>> => read('/session'),
  options: (): Promise<Outcome<LoginOptions>> => read('/session/options'),
  logIn: (body: Credentials): Promise<Me> => send('POST', '/session', { body }),
  logOut: (): Promise<null> => send('DELETE', '/session'),
  changePassword: (body: { old: string; new: string }): Promise<Me> => send('POST', '/session/password', { body }),
  beginTotp: (): Promise<TotpSecret> => send('POST', '/session/totp'),
  confirmTotp: (code: string): Promise<Me> => send('PUT', '/session/totp', { body: { code } }),
  clearTotp: (code: string): Promise<Me> => send('DELETE', '/session/totp', { body: { code } }),
  actFor: (delegation: string | null): Promise<Me> => send('POST', '/session/acting', { body: { delegation } }),
  wishes: (): Promise<Outcome<NoticeWishes>> => read('/session/notices'),
  setWishes: (body: NoticeWishes): Promise<NoticeWishes> => send('PUT', '/session/notices', { body }),
  sessions: (cursor?: string): Promise<Outcome<Page<SessionRow>>> => read('/sessions', { cursor }),
  endSession: (id: string): Promise<null> => send('DELETE', `/sessions/${id}`),
  tokens: (): Promise<Outcome<Page<TokenRow>>> => read('/tokens'),
  makeToken: (body: { name: string; rights: string[]; days: number }, key: string): Promise<NewToken> =>
    send('POST', '/tokens', { body, key }),
  endToken: (id: string): Promise<null> => send('DELETE', `/tokens/${id}`),
}
