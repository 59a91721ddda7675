import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { i18n } from '@/i18n'
import AqiRange from './AqiRange.vue'

const range = (props: { lo: number | null; hi: number | null; levels: number[]; level?: number | null }) =>
  mount(AqiRange, { props, global: { plugins: [createPinia(), i18n] } })

describe('AqiRange', () => {
  it('says range and classes together, and shows every class at its edge', () => {
    const found = range({ lo: 132, hi: 182, levels: [3, 4], level: 4 })
    expect(found.text().replace(/\s/g, '')).toBe('132–182轻–中')
    expect(found.attributes('title')).toBe('轻度污染–中度污染')
    const edge = found.findAll('i').map((part) => part.attributes('style'))
    expect(edge).toEqual(['background: var(--aqi-4);', 'background: var(--aqi-3);'])
    expect(found.attributes('style')).toContain('--aqi-4-rgb')
  })

  it('names one class once', () => {
    expect(
      range({ lo: 55, hi: 85, levels: [2] })
        .text()
        .replace(/\s/g, ''),
    ).toBe('55–85良')
  })

  it('never shows a missing range as good', () => {
    const found = range({ lo: null, hi: null, levels: [] })
    expect(found.text()).toBe('—')
    expect(found.classes()).toContain('aqi-range--none')
    expect(found.findAll('i')).toHaveLength(0)
  })
})
