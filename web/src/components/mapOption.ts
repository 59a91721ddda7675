import { LinesChart, ScatterChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { use, type ChartOption } from '@/chart/engine'
import { REGION, WINDOW, type Geography, type Polyline } from '@/chart/geo'
import { FONT, hatch, tooltipLook } from '@/chart/look'
import { over, withAlpha, type Tokens } from '@/tokens'

use([LinesChart, ScatterChart, TooltipComponent])

export interface Place {
  code: string
  name: string
  at: number[]
  level: number
  /** Value and class letter, as on the pill. */
  text: string
  /** Lines of the tooltip. */
  tip: () => HTMLElement
}

export interface MapView {
  geography: Geography
  cities: Place[]
  neighbours: Place[]
  stations: Place[]
  selected: string
  labels: boolean
  counties: boolean
}

const FILL = 0.82
/** The Yangtze cities stand close: their pills are moved apart, in pixels. */
const MOVED: Record<string, [number, number]> = {
  '320100': [-14, 4],
  '320200': [16, 2],
  '320400': [-14, 0],
  '320500': [14, 6],
  '320600': [8, 0],
  '321000': [-22, -10],
  '321100': [10, 4],
  '321200': [26, -6],
}

/** The whole map as an option: base, cities, lines, dots, pills. */
export function mapOption(view: MapView, tokens: Tokens): ChartOption {
  return {
    backgroundColor: tokens.mapSea,
    tooltip: { ...tooltipLook(tokens), trigger: 'item', formatter: (item: unknown) => hover(view, item) },
    geo: base(view, tokens),
    series: [
      ...(view.counties ? [lines(view.geography.countyLines(), withAlpha(tokens.t1, 0.35), 0.6, 3)] : []),
      ...outline(view, tokens),
      dots('neighbours', view.neighbours, 9, tokens, true),
      dots('stations', view.stations, 6, tokens, false),
      ...(view.labels ? [pills(view, tokens)] : []),
    ],
  }
}

/** What stands under the pointer, as `{ name }` of a region or `{ data: { code } }` of a dot. */
export function placeOf(view: MapView, item: unknown): Place | undefined {
  const { name, data } = item as { name?: string; data?: { code?: string } }
  const code = data?.code ?? name
  return [...view.stations, ...view.cities, ...view.neighbours].find((place) => place.code === code)
}

function hover(view: MapView, item: unknown): HTMLElement | string {
  return placeOf(view, item)?.tip() ?? ''
}

function colour(tokens: Tokens, level: number) {
  return tokens.aqi[level] ?? tokens.t3
}

function base(view: MapView, tokens: Tokens) {
  const cities = view.cities.map((city) => ({
    name: city.code,
    itemStyle: { areaColor: city.level ? over(colour(tokens, city.level), tokens.surface, FILL) : hatch(tokens) },
  }))
  const provinces = view.geography.provinces.map((name) => ({
    name,
    silent: true,
    itemStyle: { areaColor: tokens.mapLand, borderColor: tokens.line2, borderWidth: 0.7 },
  }))
  return {
    map: REGION,
    aspectScale: 0.84,
    preserveAspect: 'contain',
    boundingCoords: WINDOW,
    left: 8,
    right: 8,
    top: 8,
    bottom: 8,
    scaleLimit: { min: 1, max: 12 },
    itemStyle: { borderColor: tokens.mapLine, borderWidth: 1.2 },
    label: { show: false },
    emphasis: { disabled: true },
    selectedMode: false,
    regions: [...provinces, ...cities],
  }
}

function lines(polylines: Polyline[], tone: string, width: number, z: number) {
  return {
    type: 'lines',
    coordinateSystem: 'geo',
    polyline: true,
    silent: true,
    z,
    lineStyle: { color: tone, width, opacity: 1 },
    data: polylines.map((coords) => ({ coords })),
  }
}

/** A region's own border hides under its neighbours, so the selection is drawn as lines above them all. */
function outline(view: MapView, tokens: Tokens) {
  const shape = view.selected ? view.geography.outline(view.selected) : []
  return [lines(shape, tokens.surface, 4.5, 4), lines(shape, tokens.t1, 2.2, 5)]
}

function dots(id: string, places: Place[], size: number, tokens: Tokens, named: boolean) {
  return {
    id,
    type: 'scatter',
    coordinateSystem: 'geo',
    z: 6,
    symbolSize: size,
    cursor: 'default',
    label: {
      show: named,
      position: 'right',
      distance: 3,
      color: tokens.t2,
      fontSize: 11,
      fontFamily: FONT,
      formatter: (item: { data: { name: string } }) => item.data.name,
    },
    data: places.map((place) => ({ ...place, value: place.at, itemStyle: dotStyle(place, tokens) })),
  }
}

/** Hollow means: no value at this hour. */
function dotStyle(place: Place, tokens: Tokens) {
  const fill = place.level ? colour(tokens, place.level) : 'transparent'
  return {
    color: fill,
    borderColor: place.level ? tokens.t1 : tokens.t2,
    borderWidth: place.level ? 0.8 : 1.2,
    opacity: 1,
  }
}

function pills(view: MapView, tokens: Tokens) {
  return {
    id: 'pills',
    type: 'scatter',
    coordinateSystem: 'geo',
    z: 8,
    symbolSize: 0,
    silent: true,
    itemStyle: { opacity: 1 },
    label: {
      show: true,
      position: 'inside',
      formatter: (item: { data: Place }) => `${item.data.name} {b|${item.data.text}}`,
      color: tokens.t1,
      fontSize: 12,
      fontFamily: FONT,
      lineHeight: 16,
      padding: [1, 5],
      borderRadius: 4,
      borderWidth: 1,
      borderColor: tokens.line2,
      backgroundColor: tokens.surface,
      rich: { b: { fontWeight: 600, fontSize: 12, color: tokens.t1, fontFamily: FONT } },
    },
    data: view.cities.map((city) => ({ ...city, value: city.at, label: { offset: MOVED[city.code] ?? [0, 0] } })),
  }
}
