import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeAll, describe, expect, it } from 'vitest'
import { i18n, learn } from '@/i18n'
import WeightTable from './WeightTable.vue'

const span = { from: '2017-10-15', to: '2018-01-12' }

beforeAll(() => learn('outlook'))

describe('the weights of the bids', () => {
  it('stand beside their ground, and what is not known is said', () => {
    const weights = [
      { participant: '甲', number: 1, weight: 0.42, past: { ...span, cases: 39, loss: 0.71 } },
      { participant: '乙', number: 2, weight: 0.33, past: { ...span, cases: 0, loss: null } },
      { participant: '丙', number: 1, weight: 0.25, past: null },
    ]
    const found = mount(WeightTable, { props: { weights }, global: { plugins: [createPinia(), i18n] } })
    const rows = found.findAll('tbody tr').map((row) => row.text())
    expect(rows[0]).toMatch(/甲.*42%.*39 个城市日.*0\.71/)
    expect(rows[1]).toMatch(/乙.*33%.*无可评意见/)
    expect(rows[2]).toMatch(/丙.*25%.*等权/)
  })
})
