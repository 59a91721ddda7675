import { defineStore } from 'pinia'
import { ref } from 'vue'
import { noticesApi } from '@/api/operation'

/** What the server has told since the page was opened. */
export const useNews = defineStore('news', () => {
  /** Grows whenever a matter in sight has changed. */
  const matters = ref(0)
  /** Grows whenever a consultation in sight has changed. */
  const rooms = ref(0)
  /** Grows whenever a warning in sight has changed. */
  const warnings = ref(0)
  /** Grows whenever the own in-tray has changed. */
  const notices = ref(0)
  /** Unread notices; null while it is not known. */
  const unread = ref<number | null>(null)

  async function heard() {
    notices.value += 1
    try {
      const answer = await noticesApi.list({ unread: true, limit: 1 })
      if (answer.kind === 'ready') unread.value = answer.data.total
    } catch {
      // The page of notices says what is wrong; a bell has no room for it.
      unread.value = null
    }
  }

  return { matters, rooms, warnings, notices, unread, heard }
})
