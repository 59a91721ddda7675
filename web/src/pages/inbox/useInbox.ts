import { computed, watch } from 'vue'
import { mattersApi, type MatterFilter } from '@/api/matters'
import { useList } from '@/composables/useList'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { UNFINISHED } from '@/pages/matters/matterWords'
import { useToday } from '@/composables/useToday'
import { useNews } from '@/stores/news'

export const VIEWS = ['todo', 'open', 'acknowledged', 'late', 'review', 'done'] as const
export type View = (typeof VIEWS)[number]

/** What each count stands for; its list is asked for by the same words. */
export function filterOf(view: View, today: string): MatterFilter {
  const mine = { assigned: 'me', sort: 'due' }
  switch (view) {
    case 'open':
    case 'acknowledged':
      return { ...mine, state: view }
    case 'late':
      return { ...mine, state: UNFINISHED.join(','), due_before: today }
    case 'review':
      return { state: 'submitted', sort: 'due' }
    case 'done':
      return { ...mine, state: 'submitted,closed', sort: 'created' }
    default:
      return { ...mine, state: 'open,acknowledged' }
  }
}

/** What I have to do: counts, each of which opens its list. */
export function useInbox(mayReview: () => boolean) {
  const today = useToday()
  const news = useNews()
  const text = useQueryValue('view', 'todo')
  const view = computed<View>(() => VIEWS.find((known) => known === text.value) ?? 'todo')
  const shown = computed(() => VIEWS.filter((known) => known !== 'review' || mayReview()))

  const list = useList((cursor) => mattersApi.list(filterOf(view.value, today.value), cursor), [view, today])
  const counts = useResource(async () => {
    const answers = await Promise.all(shown.value.map((one) => mattersApi.count(filterOf(one, today.value))))
    const totals = answers.map((answer) => (answer.kind === 'ready' ? answer.data.total : null))
    return { kind: 'ready' as const, data: new Map(shown.value.map((one, index) => [one, totals[index] ?? null])) }
  }, [today, shown, () => news.matters])
  watch(
    () => news.matters,
    () => list.news(),
  )
  return { view, text, shown, list, counts }
}
