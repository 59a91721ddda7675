import { computed } from 'vue'
import type { Area, Situation, SiteRow } from '@/api/types'
import { tip } from '@/chart/tip'
import type { Place } from '@/components/mapOption'
import { useWords } from '@/composables/useWords'
import { hourText } from '@/time'
import { AQI, reading, type Measure } from './slices'

/** A name at the very edge would be cut. */
const inSight = ({ centre: [lon = 0] }: Area) => lon > 116.2 && lon < 121.9

/** A station without surveyed coordinates is in the tables only. */
const hasPlace = (site: SiteRow) => typeof site.lon === 'number' && typeof site.lat === 'number'

/** Turns the payload of one hour into what stands on the map. */
export function useMapPlaces(
  situation: () => Situation | null,
  view: { index: () => number; measure: () => Measure; stations: () => SiteRow[]; neighbours: () => boolean },
) {
  const words = useWords()
  const areas = (inProvince: boolean) => (situation()?.areas ?? []).filter((area) => area.in_province === inProvince)
  const cities = computed(() => areas(true).map((area) => placeOfArea(area, view.measure())))
  // Neighbours are reported by their index alone.
  const neighbours = computed(() =>
    view.neighbours()
      ? areas(false)
          .filter(inSight)
          .map((area) => placeOfArea(area, AQI))
      : [],
  )
  const stations = computed(() => view.stations().filter(hasPlace).map(placeOfSite))

  function placeOfArea(area: Area, measure: Measure): Place {
    const index = view.index()
    const now = reading(area, measure, index)
    const text = `${words.figure(now.value)}${now.level ? ` ${words.letter(now.level)}` : ''}`
    return {
      code: area.code,
      name: words.name(area),
      at: area.centre,
      level: now.level,
      text,
      tip: () => areaTip(area, index),
    }
  }

  function areaTip(area: Area, index: number): HTMLElement {
    const hour = situation()?.hours[index]
    const now = reading(area, AQI, index)
    const rows: [string, string][] = [
      [words.t('air.aqi'), `${words.figure(now.value)} ${words.level(now.level)}`],
      [words.t('air.primary'), words.primary(area.primary[index] ?? null)],
    ]
    for (const [code, values] of Object.entries(area.values)) {
      const value = values[index]
      if (value !== null && value !== undefined)
        rows.push([words.pollutant(code), `${words.figure(value)} ${words.unit(code)}`])
    }
    return tip(`${words.name(area)} ${hour ? hourText(hour) : ''}`, rows)
  }

  function placeOfSite(site: SiteRow): Place {
    const rows: [string, string][] = [
      [words.t('map.station'), site.code],
      [
        words.t('air.aqi'),
        site.state === 'missing' ? words.t('state.missing') : `${words.figure(site.aqi)} ${words.level(site.level)}`,
      ],
    ]
    return {
      code: site.code,
      name: site.name,
      at: [site.lon ?? NaN, site.lat ?? NaN],
      level: site.level ?? 0,
      text: words.figure(site.aqi),
      tip: () => tip(site.name, rows),
    }
  }

  return { cities, neighbours, stations }
}
