import { describe, expect, it } from 'vitest'
import type { Organisation } from '@/api/types'
import { treeLines, under, wayTo } from './tree'

function organisation(id: string, parent: string | null): Organisation {
  const rest = { name_en: '', kind: 'office', kind_name: '处室', region: null, areas: [], active: true, version: 1 }
  return { id, name: id, parent, path: `/${id}/`, ...rest }
}
const ALL = [organisation('js', null), organisation('nj', 'js'), organisation('njqx', 'nj'), organisation('xz', 'js')]
const shown = (...open: string[]) => treeLines(ALL, new Set(open)).map((line) => [line.organisation.id, line.depth])

describe('the tree', () => {
  it('shows what is open, level by level', () => {
    expect(shown()).toEqual([['js', 0]])
    expect(shown('js', 'nj')).toEqual([
      ['js', 0],
      ['nj', 1],
      ['njqx', 2],
      ['xz', 1],
    ])
  })

  it('begins where the sight of its reader begins', () =>
    expect(treeLines(ALL.slice(1, 3), new Set(['nj'])).map((line) => line.organisation.id)).toEqual(['nj', 'njqx']))

  it('counts what lies directly below', () =>
    expect(treeLines(ALL, new Set(['js'])).map((line) => line.children)).toEqual([2, 1, 0]))

  it('knows the way to each of its leaves', () => {
    expect(wayTo(ALL, 'njqx')).toEqual(['nj', 'js'])
    expect(wayTo(ALL, 'unknown')).toEqual([])
  })

  it('tells who lies under whom by whole names', () => {
    expect(under('/js/nj/', '/js/nj/')).toBe(true)
    expect(under('/js/nj2/', '/js/nj/')).toBe(false)
  })
})
