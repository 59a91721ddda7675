import { describe, expect, it } from 'vitest'
import type { LinkedArea } from '@/api/warningTypes'
import { firstPrompt, prompters, withArea, withLevel } from './prompt'

const delta: LinkedArea = {
  id: 'yangtze-delta',
  title: '长三角区域',
  title_en: 'Yangtze delta',
  prompts: [
    { level: 'yellow', from: '预测预报中心' },
    { level: 'orange', from: '生态环境部' },
    { level: 'orange', from: '区域协作办' },
  ],
}
const province: LinkedArea = {
  id: 'jiangsu',
  title: '江苏省',
  title_en: 'Jiangsu',
  prompts: [{ level: 'red', from: '省厅' }],
}

describe('a prompt from above', () => {
  it('begins with the first area, level and body that the plan names', () =>
    expect(firstPrompt([delta, province], '2018-01-13T20:00:00+08:00')).toEqual({
      linkage: 'yangtze-delta',
      level: 'yellow',
      from: '预测预报中心',
      document: '',
      received: '2018-01-13T20:00:00+08:00',
    }))

  it('is none where the plan links no areas', () => expect(firstPrompt([], 'x')).toBeNull())

  it('offers the bodies of a level, and another level brings its first', () => {
    expect(prompters(delta, 'orange')).toEqual(['生态环境部', '区域协作办'])
    expect(withLevel(delta, 'orange')).toEqual({ level: 'orange', from: '生态环境部' })
    expect(prompters(undefined, 'orange')).toEqual([])
  })

  it('keeps the level in another area only where that area has it', () => {
    expect(withArea([delta, province], 'jiangsu', 'orange')).toEqual({ linkage: 'jiangsu', level: 'red', from: '省厅' })
    expect(withArea([delta, province], 'yangtze-delta', 'orange').from).toBe('生态环境部')
  })
})
