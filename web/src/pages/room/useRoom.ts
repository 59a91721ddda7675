import { computed, watch } from 'vue'
import { api } from '@/api'
import { consultApi } from '@/api/consult'
import type { CityMaterial, Conclusion, RoomDetail } from '@/api/types'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useWords } from '@/composables/useWords'
import { useNews } from '@/stores/news'

/** One consultation, asked for again whenever it changes on the server; the chosen city lives in the address. */
export function useRoom(id: () => string) {
  const news = useNews()
  const { name } = useWords()
  const room = useResource(() => consultApi.one(id()), [id])
  const list = useResource(api.cities, [])
  watch(
    () => news.rooms,
    () => void room.refresh(),
  )
  const inside = computed(() => room.data.value?.room ?? null)
  const names = computed(() => new Map((list.data.value?.rows ?? []).map((row) => [row.code, name(row)])))
  /** The cities in the reader's language. */
  const cities = computed(() =>
    (inside.value?.material.cities ?? []).map((one) => ({ ...one, name: names.value.get(one.city) ?? one.name })),
  )
  const conclusion = computed(() => latestOf(room.data.value))
  const may = (step: string) => room.data.value?.actions.some((action) => action.id === step && action.allowed) ?? false
  return { room, inside, cities, conclusion, may, ...useCity(() => cities.value) }
}

/** The conclusion that waits for its sign-off, else the signed one. */
export function latestOf(room: RoomDetail | null): Conclusion | null {
  return room?.room?.pending ?? room?.official ?? null
}

/** The city that is looked at; digits pick the first nine. */
export function useCity(cities: () => readonly CityMaterial[]) {
  const text = useQueryValue('city', '')
  const city = computed({
    get: () => text.value || (cities()[0]?.city ?? ''),
    set: (next) => (text.value = next),
  })
  const place = computed(() => cities().find((one) => one.city === city.value)?.name ?? '')
  function pickCity(key: string) {
    const next = cities()[Number(key) - 1]
    if (next) city.value = next.city
  }
  return { city, place, pickCity }
}

export const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
