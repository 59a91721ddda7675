import type { Feature, MultiLineString } from 'geojson'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection } from 'topojson-specification'
import { GeoComponent } from 'echarts/components'
import type { Boundaries } from '@/api/geo'
import { registerMap, use } from './engine'

// Before any map is registered: without it the engine drops the boundaries without a word.
use([GeoComponent])

export const REGION = 'qk-region'
/** The window on the map: Jiangsu with a margin. */
export const WINDOW = [
  [116.25, 35.25],
  [122.05, 30.7],
]

export type Polyline = [number, number][]
type Name = { code: string; name: string }
type Places = GeometryCollection<Name>

export interface Geography {
  metadata: Boundaries['metadata']
  provinces: string[]
  outline: (code: string) => Polyline[]
  countyLines: () => Polyline[]
}

let made: { of: Boundaries; geography: Geography } | undefined

/** Registers the boundaries with the chart engine; the same ones only once. */
export function assemble(jiangsu: Boundaries, neighbours: Boundaries): Geography {
  if (made?.of === jiangsu) return made.geography
  const provinces = features(neighbours, 'provinces')
  const map = { type: 'FeatureCollection', features: [...provinces, ...features(jiangsu, 'cities')] }
  registerMap(REGION, map as Parameters<typeof registerMap>[1])
  const geography = {
    metadata: jiangsu.metadata,
    provinces: provinces.map((province) => String(province.properties?.['name'])),
    outline: (code: string) => outline(jiangsu, code),
    countyLines: () => inner(jiangsu, 'counties'),
  }
  made = { of: jiangsu, geography }
  return geography
}

/** The features of a layer, named by their code: names repeat, codes do not. */
function features(topology: Boundaries, layer: string): Feature[] {
  const collection = feature(topology, topology.objects[layer] as Places)
  return collection.features.map(
    (place) => ({ ...place, properties: { name: (place.properties as Name).code } }) as Feature,
  )
}

function outline(topology: Boundaries, code: string): Polyline[] {
  const cities = topology.objects['cities'] as Places
  const geometries = cities.geometries.filter((place) => (place.properties as Name | undefined)?.code === code)
  return lines(mesh(topology, { type: 'GeometryCollection', geometries } as Places))
}

/** Lines between two places of a layer, each once, without the outer edge. */
function inner(topology: Boundaries, layer: string): Polyline[] {
  return lines(mesh(topology, topology.objects[layer] as Places, (one, other) => one !== other))
}

function lines(shape: MultiLineString): Polyline[] {
  return shape.coordinates as Polyline[]
}
