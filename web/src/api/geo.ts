import type { Objects, Topology } from 'topojson-specification'
import { problemOf } from './problem'

export interface Boundaries extends Topology<Objects<{ code: string; name: string }>> {
  metadata?: { source: string; source_en?: string; date: string; map_review_number: string | null }
}

async function boundaries(name: 'jiangsu' | 'neighbours'): Promise<Boundaries> {
  const response = await fetch(`/api/v1/geo/${name}`)
  if (!response.ok) throw problemOf(response.status, null)
  return (await response.json()) as Boundaries
}

let loaded: Promise<[jiangsu: Boundaries, neighbours: Boundaries]> | undefined

/**
 * The boundaries, an asset of the server, so that the operator can put approved ones in their place.
 *
 * Asked for once; a failure is forgotten so that the next call tries again.
 */
export function allBoundaries() {
  loaded ??= Promise.all([boundaries('jiangsu'), boundaries('neighbours')]).catch((cause: unknown) => {
    loaded = undefined
    throw cause
  })
  return loaded
}
