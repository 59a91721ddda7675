import { watch } from 'vue'
import { mattersApi } from '@/api/matters'
import { useResource } from '@/composables/useResource'
import { useNews } from '@/stores/news'

/** One matter with its evidence; asked for again when it changes on the server. */
export function useMatter(id: () => string) {
  const news = useNews()
  const matter = useResource(() => mattersApi.one(id()), [id])
  const evidence = useResource(() => mattersApi.evidence(id()), [id])

  function refresh() {
    void matter.refresh()
    void evidence.refresh()
  }
  watch(() => news.matters, refresh)
  return { matter, evidence, refresh }
}
