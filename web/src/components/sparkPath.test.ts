import { expect, it } from 'vitest'
import { sparkPath } from './sparkPath'

it('breaks the curve at a missing value', () => {
  expect(sparkPath([0, null, 10], 20, 12)).toBe('M0.0 11.0M20.0 1.0')
})
