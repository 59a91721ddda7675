import type { Organisation } from '@/api/types'

export interface Node {
  organisation: Organisation
  depth: number
  /** How many lie directly below. */
  children: number
}

/** Whether one path lies under another, itself included. */
export const under = (path: string, top: string) => path.startsWith(top)

/**
 * The tree as lines, in the server's order: what is folded away is left out.
 *
 * An organisation whose parent is out of sight stands at the top.
 */
export function treeLines(all: readonly Organisation[], open: ReadonlySet<string>): Node[] {
  const known = new Set(all.map((organisation) => organisation.id))
  const children = new Map<string | null, Organisation[]>()
  for (const organisation of all) {
    const parent = organisation.parent && known.has(organisation.parent) ? organisation.parent : null
    children.set(parent, [...(children.get(parent) ?? []), organisation])
  }
  const lines = (parent: string | null, depth: number): Node[] =>
    (children.get(parent) ?? []).flatMap((organisation) => [
      { organisation, depth, children: children.get(organisation.id)?.length ?? 0 },
      ...(open.has(organisation.id) ? lines(organisation.id, depth + 1) : []),
    ])
  return lines(null, 0)
}

/** All that must be open so that one can be seen. */
export function wayTo(all: readonly Organisation[], id: string): string[] {
  const byId = new Map(all.map((organisation) => [organisation.id, organisation]))
  const way: string[] = []
  for (let at = byId.get(id)?.parent; at && byId.has(at) && !way.includes(at); at = byId.get(at)?.parent) way.push(at)
  return way
}
