import { computed } from 'vue'
import { peopleApi } from '@/api/people'
import type { AccountRow } from '@/api/types'
import { useList } from '@/composables/useList'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'

/** Locked after too many wrong passwords, for now. */
export function isLocked(row: AccountRow, now = Date.now()): boolean {
  const until = row.security?.locked_until
  return typeof until === 'string' && Date.parse(until) > now
}

export function useAccounts() {
  const id = useQueryValue('id', '')
  const q = useQueryValue('q', '')
  const organisation = useQueryValue('organisation', '')
  const active = useQueryValue('active', 'true')
  const filter = computed(() => ({ q: q.value.trim(), organisation: organisation.value, active: active.value }))
  const narrowed = computed(() =>
    Boolean(filter.value.q || filter.value.organisation || filter.value.active !== 'true'),
  )
  const list = useList((cursor) => peopleApi.accounts(filter.value, cursor), [filter])
  const account = useResource(() => (id.value ? peopleApi.account(id.value) : null), [id])

  function clear() {
    q.value = ''
    organisation.value = ''
    active.value = 'true'
  }
  function refresh() {
    void list.refresh()
    void account.refresh()
  }
  return { id, q, organisation, active, filter, narrowed, list, account, clear, refresh }
}
