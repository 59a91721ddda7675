import { computed, watch } from 'vue'
import { consultApi } from '@/api/consult'
import type { Bid, Room } from '@/api/contractRooms'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useNews } from '@/stores/news'

/** One consultation, asked for again whenever it changes on the server; the chosen city lives in the address. */
export function useRoom(id: () => string) {
  const news = useNews()
  const room = useResource(() => consultApi.one(id()), [id])
  watch(
    () => news.rooms,
    () => void room.refresh(),
  )
  return { room, ...useRoomView(() => room.data.value) }
}

/** What a room page and the page of a guest both show of a room. */
export function useRoomView(room: () => Room | null) {
  const cityText = useQueryValue('city', '')
  const cities = computed(() => room()?.material.cities ?? [])
  const city = computed({
    get: () => cityText.value || (cities.value[0]?.city ?? ''),
    set: (next) => (cityText.value = next),
  })
  const own = computed(() => ownBid(room()))
  const may = (step: string) => room()?.actions.some((action) => action.id === step && action.allowed) ?? false
  /** The city behind a digit key, 1 for the first. */
  function pickCity(key: string) {
    const next = cities.value[Number(key) - 1]
    if (next) city.value = next.city
  }
  return { city, cities, own, may, pickCity }
}

export function ownBid(room: Room | null): Bid | null {
  return room?.bids.find((bid) => bid.own) ?? null
}
