import { address, read, send, type Outcome, type Page } from './client'
import type {
  Account,
  AccountRow,
  Delegation,
  Explanation,
  Grant,
  ImportReport,
  OneTime,
  Organisation,
  Role,
} from './types'

export interface OrganisationFilter {
  under?: string
  parent?: string
  q?: string
  kind?: string
  active?: string
}
export interface AccountFilter {
  organisation?: string
  q?: string
  role?: string
  active?: string
}
export interface NewOrganisation {
  id: string
  name: string
  name_en: string
  kind: string
  parent: string
}
export interface OrganisationChange {
  name?: string
  name_en?: string
  parent?: string
  areas?: string[]
  active?: boolean
  reason?: string
}
export interface NewAccount {
  login: string
  name: string
  organisation: string
  phone: string | null
  mail: string | null
}
export interface AccountChange {
  name?: string
  organisation?: string
  phone?: string
  mail?: string
  active?: boolean
  reason?: string
}
export interface NewGrant {
  account: string
  role: string
  organisation: string
  from: string
  to: string | null
  reason: string | null
}
export interface NewDelegation {
  to_account: string
  roles: string[]
  from: string
  to: string
  reason: string
  acting: boolean
}
export interface Question {
  account: string
  right: string
  matter?: string
  organisation?: string
}

/** As many as one page may have: trees and pick lists are shown whole. */
const WHOLE = 500
/** What the file is, whatever the browser makes of its name. */
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Organisations, accounts, roles, and who may do what. */
export const peopleApi = {
  organisations: (filter: OrganisationFilter, cursor?: string): Promise<Outcome<Page<Organisation>>> =>
    read('/organisations', { limit: WHOLE, ...filter, cursor }),
  found: (body: NewOrganisation, key: string): Promise<Organisation> => send('POST', '/organisations', { body, key }),
  changeOrganisation: (id: string, body: OrganisationChange, version: number): Promise<Organisation> =>
    send('PATCH', `/organisations/${id}`, { body, version }),
  importTree: (file: File, dry_run: boolean, key: string): Promise<ImportReport> =>
    send('POST', '/organisations/import', { query: { dry_run }, file: new Blob([file], { type: XLSX }), key }),
  treeAddress: () => address('/organisations.xlsx'),

  accounts: (filter: AccountFilter, cursor?: string): Promise<Outcome<Page<AccountRow>>> =>
    read('/accounts', { ...filter, cursor }),
  account: (id: string): Promise<Outcome<Account>> => read(`/accounts/${id}`),
  openAccount: (body: NewAccount, key: string): Promise<OneTime> => send('POST', '/accounts', { body, key }),
  changeAccount: (id: string, body: AccountChange, version: number): Promise<Account> =>
    send('PATCH', `/accounts/${id}`, { body, version }),
  resetPassword: (id: string, key: string): Promise<OneTime> => send('POST', `/accounts/${id}/reset-password`, { key }),
  unlock: (id: string, key: string): Promise<Account> => send('POST', `/accounts/${id}/unlock`, { key }),
  erase: (id: string, version: number): Promise<Account> => send('DELETE', `/accounts/${id}/personal`, { version }),
  accountsAddress: (filter: AccountFilter, format: 'csv' | 'xlsx') => address('/accounts', { ...filter, format }),

  roles: (): Promise<Outcome<Page<Role>>> => read('/roles'),
  grants: (
    filter: { account?: string; state?: string; role?: string },
    cursor?: string,
  ): Promise<Outcome<Page<Grant>>> => read('/grants', { ...filter, cursor }),
  propose: (body: NewGrant, key: string): Promise<Grant> => send('POST', '/grants', { body, key }),
  decide: (grant: Grant, step: 'approve' | 'reject' | 'end', reason: string, key: string): Promise<Grant> =>
    send('POST', `/grants/${grant.id}/${step}`, { body: { reason: reason || null }, version: grant.version, key }),
  delegations: (): Promise<Outcome<Page<Delegation>>> => read('/delegations'),
  delegate: (body: NewDelegation, key: string): Promise<Delegation> => send('POST', '/delegations', { body, key }),
  endDelegation: (one: Delegation, key: string): Promise<Delegation> =>
    send('POST', `/delegations/${one.id}/end`, { body: {}, version: one.version, key }),
  explain: (question: Question): Promise<Outcome<Explanation>> => read('/explain', { ...question }),
}
