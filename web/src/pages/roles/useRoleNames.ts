import { computed } from 'vue'
import { peopleApi } from '@/api/people'
import { useResource } from '@/composables/useResource'
import { usePreferences } from '@/stores/preferences'
import { useSession } from '@/stores/session'

/** What people call a role; its id while the list is on its way, and for whoever may not read the list. */
export function useRoleNames() {
  const preferences = usePreferences()
  const session = useSession()
  const roles = useResource(() => (session.may('grant.read') ? peopleApi.roles() : null), [])
  const names = computed(
    () =>
      new Map(
        (roles.data.value?.items ?? session.me?.roles ?? []).map((role) => [
          role.id,
          preferences.language === 'en' ? role.name_en : role.name,
        ]),
      ),
  )
  return (id: string) => names.value.get(id) ?? id
}
