import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeAll, describe, expect, it } from 'vitest'
import { i18n, learn } from '@/i18n'
import type { Action } from '@/api/types'
import ActionBar from './ActionBar.vue'

const action = (id: string, allowed: boolean): Action => ({
  id,
  label: id,
  label_en: id,
  allowed,
  why: allowed ? '' : '没有权限',
  why_en: allowed ? '' : 'no right',
})
const bar = (actions: Action[], more: { elsewhere?: string[]; nothing?: string } = {}) =>
  mount(ActionBar, { props: { actions, ...more }, global: { plugins: [createPinia(), i18n] } })
const offered = (found: ReturnType<typeof bar>) =>
  found.findAll('[data-testid]').map((one) => one.attributes('data-testid'))

beforeAll(() => learn('outlook'))

describe('ActionBar', () => {
  it('offers what may be done here, the first as the main one and cancelling as what it is', () => {
    const found = bar([action('sign', true), action('cancel', true), action('bid', true)], { elsewhere: ['bid'] })
    expect(offered(found)).toEqual(['step-sign', 'step-cancel'])
    expect(found.get('[data-testid=step-sign]').classes()).toContain('qk-button--main')
    expect(found.get('[data-testid=step-cancel]').classes()).not.toContain('qk-button--main')
  })

  it('says why the others are barred once it is asked', async () => {
    const found = bar([action('sign', false), action('bid', false)], { elsewhere: ['bid'], nothing: '无可办' })
    expect(offered(found)).toEqual([])
    expect(found.text()).toContain('无可办')
    expect(found.text()).not.toContain('没有权限')
    await found.get('button').trigger('click')
    expect(found.findAll('dd').map((one) => one.text())).toEqual(['没有权限', '没有权限'])
  })
})
