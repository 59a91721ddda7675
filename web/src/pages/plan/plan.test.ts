import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import plan from '@/locales/zh-CN/plan.json'
import { Problem } from '@/api/problem'
import { faultOf, faultsByLine } from './faultLines'
import PlanText from './PlanText.vue'

const TEXT = ['id = "x"', 'act_at = 1.4', '', '[[levels]]', 'level = "orange"', '', '[source]', 'document = ""'].join(
  '\n',
)
const fault = (where: string) => ({ where, text: `${where}有误`, text_en: `${where} is wrong`, blocks: true })
const lineOf = (where: string) => [...faultsByLine(TEXT, [fault(where)]).keys()][0]

describe('the line of a fault', () => {
  it('is the one it names, in either language, kept inside the text', () => {
    expect([lineOf('line 2'), lineOf('第 2 行'), lineOf('2'), lineOf('line 99')]).toEqual([2, 2, 2, 8])
  })

  it('is that of the part it names', () => {
    expect([lineOf('act_at'), lineOf('levels.orange'), lineOf('levels[0].aqi_gt'), lineOf('source.document')]).toEqual([
      2, 4, 4, 7,
    ])
  })

  it('is none where the text has no such part, and no pattern is read into it', () => {
    expect([lineOf('linkage'), lineOf('act'), lineOf('(.*'), lineOf('')]).toEqual([0, 0, 0, 0])
  })

  it('holds several faults', () =>
    expect(faultsByLine(TEXT, [fault('act_at'), fault('line 2')]).get(2)).toHaveLength(2))
})

describe('a text that is no plan', () => {
  const refused = (detail?: string) =>
    faultOf(
      new Problem({
        status: 400,
        code: 'W-101',
        title: '预案有误',
        title_en: 'Bad plan',
        ...(detail ? { detail } : {}),
      }),
    )

  it('has one fault, at the line that the refusal names', () => {
    expect(refused('plan draft: TOML parse error at line 3, column 5')).toMatchObject({ where: 'line 3', blocks: true })
    expect(refused('plan draft: no levels').where).toBe('W-101')
    expect(refused().text).toBe('预案有误')
  })
})

describe('the text of a plan', () => {
  const i18n = createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': { plan } } })
  const shown = (faults: ReturnType<typeof fault>[]) =>
    mount(PlanText, {
      props: { modelValue: TEXT, faults, readonly: false, label: '预案全文' },
      global: { plugins: [createPinia(), i18n] },
      attachTo: document.body,
    })

  it('marks the line beside it and leads there', async () => {
    const view = shown([fault('act_at')])
    expect(view.findAll('.plan-text__line--fault').map((line) => line.text())).toEqual(['▲ 2'])
    await view.get('button').trigger('click')
    const field = view.get('textarea').element
    expect(TEXT.slice(field.selectionStart, field.selectionEnd)).toBe('act_at = 1.4')
  })

  it('says nothing is wrong when nothing is', () => {
    const view = shown([])
    expect(view.find('[data-testid=plan-faults]').exists()).toBe(false)
    expect(view.get('textarea').attributes('aria-invalid')).toBe('false')
  })
})
