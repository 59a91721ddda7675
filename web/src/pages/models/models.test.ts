import { describe, expect, it } from 'vitest'
import type { ForecastModel, ModelScore } from '@/api/types'
import { distinct, inUseFirst, narrowed } from './useModelsPage'

const model = (id: string, trained_until: string, in_use = false) => ({ id, trained_until, in_use }) as ForecastModel
const score = (pollutant: string, season: string) => ({ pollutant, season }) as ModelScore

describe('the register', () => {
  it('shows the model in use before newer ones', () => {
    const sorted = inUseFirst([model('a', '2016-06-30'), model('b', '2018-06-30'), model('c', '2017-06-30', true)])
    expect(sorted.map((one) => one.id)).toEqual(['c', 'b', 'a'])
  })

  it('narrows scores by pollutant and season, and shows all without a choice', () => {
    const scores = [score('PM2_5', 'winter'), score('PM2_5', 'warm'), score('O3_8h', 'warm')]
    expect(narrowed(scores, '', '')).toHaveLength(3)
    expect(narrowed(scores, 'PM2_5', 'warm')).toEqual([scores[1]])
    expect(distinct(scores.map((one) => one.season))).toEqual(['winter', 'warm'])
  })
})
