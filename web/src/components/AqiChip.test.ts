import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { i18n } from '@/i18n'
import AqiChip from './AqiChip.vue'

const chip = (props: { value: number | null | undefined; level: number | null; full?: boolean; hint?: string }) =>
  mount(AqiChip, { props, global: { plugins: [createPinia(), i18n] } })

describe('AqiChip', () => {
  it('says number and class letter together', () => {
    const found = chip({ value: 236, level: 5 })
    expect(found.text().replace(/\s/g, '')).toBe('236重')
    expect(found.classes()).toContain('aqi-chip--5')
  })

  it('never shows missing data as good', () => {
    const found = chip({ value: null, level: null })
    expect(found.text()).toBe('—')
    expect(found.classes()).toContain('aqi-chip--none')
    expect(found.attributes('title')).toBe('无数据')
  })

  it('spells the class out when there is room, and adds time to the hover', () => {
    const found = chip({ value: 88, level: 2, full: true, hint: '01-13 20:00' })
    expect(found.text()).toContain('良')
    expect(found.attributes('title')).toBe('良 · 01-13 20:00')
  })

  it('stands for a class alone when there is no number', () => {
    expect(chip({ value: undefined, level: 3 }).text()).toBe('轻')
  })
})
