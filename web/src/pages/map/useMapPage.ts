import { computed, onScopeDispose, ref, watch } from 'vue'
import { api } from '@/api'
import { useQueryValue } from '@/composables/useQueryValue'
import { useResource } from '@/composables/useResource'
import { useClock } from '@/stores/clock'
import { AQI, indexOfHour, momentAt, rankAt } from './slices'

export const LAYERS = ['station', 'county', 'neighbour', 'label'] as const
export type Layer = (typeof LAYERS)[number]
const DEFAULT_LAYERS = 'station,neighbour,label'
const FRAME_MS = 350

/** The view state of the situation map; hour, city, measure and layers live in the address. */
export function useMapPage() {
  const clock = useClock()
  const situation = useResource(api.situation, [() => clock.edition])

  const hour = useQueryValue('t', '')
  const city = useQueryValue('city', '')
  const measure = useQueryValue('p', AQI)
  const layerText = useQueryValue('layers', DEFAULT_LAYERS)

  const index = computed({
    get: () => (situation.data.value ? indexOfHour(situation.data.value, hour.value) : 0),
    set: (next) => {
      const now = situation.data.value
      if (!now) return
      const within = Math.max(0, Math.min(now.hours.length - 1, next))
      hour.value = within === now.as_of_index ? '' : (now.hours[within] ?? '')
    },
  })
  const measures = computed(() => [AQI, ...(situation.data.value?.pollutants ?? [])])
  const rows = computed(() =>
    situation.data.value ? rankAt(situation.data.value.areas, measure.value, index.value) : [],
  )
  const moment = computed(() => (situation.data.value ? momentAt(situation.data.value, index.value) : null))

  /** Until somebody chooses, the worst city as of now is looked at. */
  const worstNow = computed(() => {
    const now = situation.data.value
    return now ? (now.kpi.worst?.code ?? now.areas[0]?.code ?? '') : ''
  })
  const selected = computed({ get: () => city.value || worstNow.value, set: (code) => (city.value = code) })
  const selectedArea = computed(() => situation.data.value?.areas.find((area) => area.code === selected.value) ?? null)

  const layers = computed(() => new Set(layerText.value.split(',')))
  function toggleLayer(layer: Layer) {
    const next = new Set(layers.value)
    if (!next.delete(layer)) next.add(layer)
    layerText.value = LAYERS.filter((name) => next.has(name)).join(',')
  }

  function moveSelection(by: number) {
    const place = rows.value.findIndex((row) => row.area.code === selected.value)
    const next = rows.value[Math.max(0, Math.min(rows.value.length - 1, place + by))]
    if (next) selected.value = next.area.code
  }

  return {
    situation,
    index,
    measure,
    measures,
    rows,
    moment,
    selected,
    selectedArea,
    layers,
    toggleLayer,
    moveSelection,
  }
}

/** Runs through the hours, and stops at the last one. */
export function usePlay(index: { value: number }, last: () => number) {
  const playing = ref(false)
  let timer: ReturnType<typeof setInterval> | undefined
  function tick() {
    if (index.value >= last()) playing.value = false
    else index.value += 1
  }
  watch(playing, (now) => {
    clearInterval(timer)
    if (now) timer = setInterval(tick, FRAME_MS)
  })
  onScopeDispose(() => clearInterval(timer))
  return { playing }
}
