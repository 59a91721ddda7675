import type { Grant } from '@/api/types'

export type GrantStep = 'approve' | 'reject' | 'end'

const KINDS = { proposed: 'risk', approved: 'ok', rejected: 'late', ended: 'idle' } as const

export const GRANT_STATES = Object.keys(KINDS) as (keyof typeof KINDS)[]

export function grantKind(state: string) {
  return KINDS[state as keyof typeof KINDS] ?? 'idle'
}

/** What somebody may decide of a grant. Who proposed it, or is to have it, cannot approve it; the server holds the rule. */
export function stepsOf(grant: Grant, me: string): GrantStep[] {
  if (grant.state === 'approved') return ['end']
  if (grant.state !== 'proposed') return []
  return grant.requested_by.id === me || grant.account.id === me ? [] : ['approve', 'reject']
}
