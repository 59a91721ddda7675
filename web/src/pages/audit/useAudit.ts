import { computed } from 'vue'
import { auditApi } from '@/api/operation'
import { useList } from '@/composables/useList'
import { useQueryValue } from '@/composables/useQueryValue'

/** The kinds of things that have a history. */
export const KINDS = ['account', 'organisation', 'grant', 'delegation', 'matter', 'attachment', 'channel']

/** The event log, narrowed by what stands in the address. */
export function useAudit() {
  const from = useQueryValue('from', '')
  const to = useQueryValue('to', '')
  const account = useQueryValue('account', '')
  const kind = useQueryValue('kind', '')
  const id = useQueryValue('id', '')
  const q = useQueryValue('q', '')
  const parts = [from, to, account, kind, id, q]
  const filter = computed(() => ({
    from: from.value,
    to: to.value,
    account: account.value.trim(),
    kind: kind.value,
    id: id.value.trim(),
    q: q.value.trim(),
  }))
  const narrowed = computed(() => Object.values(filter.value).some(Boolean))
  const list = useList((cursor) => auditApi.list(filter.value, cursor), [filter])

  function clear() {
    parts.forEach((part) => (part.value = ''))
  }
  return { from, to, account, kind, id, q, filter, narrowed, list, clear }
}
