import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import warn from '@/locales/zh-CN/warn.json'
import Gate from './Gate.vue'

const i18n = createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': { warn } } })
const shown = (props: InstanceType<typeof Gate>['$props'], slot?: string) =>
  mount(Gate, { props, slots: slot ? { default: slot } : {}, global: { plugins: [createPinia(), i18n] } })

describe('a gate', () => {
  it('says in words where it stands, with person, time and document number', () => {
    const gate = shown({
      title: '发布',
      state: 'done',
      person: '值班长',
      at: '2018-01-14T20:05:00+08:00',
      document: '苏预〔2018〕1 号',
    })
    expect(gate.text()).toContain('已通过')
    for (const part of ['值班长', '01-14 20:05', '苏预〔2018〕1 号']) expect(gate.text()).toContain(part)
    expect(gate.attributes('aria-current')).toBeUndefined()
  })

  it('is the present step while it waits, with the button that passes it', () => {
    const gate = shown({ title: '研判', state: 'now' }, '<button>研判通过</button>')
    expect(gate.attributes('aria-current')).toBe('step')
    expect(gate.get('button').text()).toBe('研判通过')
  })
})
