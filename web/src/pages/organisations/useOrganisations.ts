import { computed, ref, watch } from 'vue'
import { peopleApi } from '@/api/people'
import type { Organisation } from '@/api/types'
import type { Outcome, Page } from '@/api'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { treeLines, wayTo } from './tree'

/** The whole tree in sight, page after page. */
async function everything(active: string): Promise<Outcome<Organisation[]>> {
  const items: Organisation[] = []
  let cursor: string | undefined
  do {
    const answer: Outcome<Page<Organisation>> = await peopleApi.organisations({ active }, cursor)
    if (answer.kind === 'pending') return answer
    items.push(...answer.data.items)
    cursor = answer.data.next ?? undefined
  } while (cursor)
  return { kind: 'ready', data: items }
}

export function useOrganisations() {
  const id = useQueryValue('id', '')
  const q = useQueryValue('q', '')
  const closed = useQueryValue('closed', '')
  const tree = useResource(() => everything(closed.value ? '' : 'true'), [closed])
  const all = computed(() => tree.data.value ?? [])
  const open = ref(new Set<string>())
  const chosen = computed(() => all.value.find((one) => one.id === id.value) ?? null)

  /** Searching shows all that fits, without the tree. */
  const lines = computed(() => {
    const wanted = q.value.trim().toLowerCase()
    if (!wanted) return treeLines(all.value, open.value)
    const fits = all.value.filter((one) => `${one.id} ${one.name} ${one.name_en}`.toLowerCase().includes(wanted))
    return fits.map((organisation) => ({ organisation, depth: 0, children: 0 }))
  })

  function toggle(one: string) {
    const next = new Set(open.value)
    if (!next.delete(one)) next.add(one)
    open.value = next
  }

  /** At first the top is open, and the way to what the address names. */
  watch(all, (now, before) => {
    if (now.length === 0 || before?.length) return
    const [top] = treeLines(now, new Set())
    open.value = new Set([...(top ? [top.organisation.id] : []), ...wayTo(now, id.value)])
  })
  return { id, q, closed, tree, all, lines, open, chosen, toggle }
}
