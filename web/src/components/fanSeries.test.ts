import { describe, expect, it } from 'vitest'
import type { Forecast } from '@/api/types'
import { fanSeries, fanTop } from './fanSeries'

const hour = (label: number) => `2018-01-13T${String(label).padStart(2, '0')}:00:00+08:00`
const five = (values: (number | null)[][]) => ({
  q05: values[0] ?? [],
  q25: values[1] ?? [],
  q50: values[2] ?? [],
  q75: values[3] ?? [],
  q95: values[4] ?? [],
})

const forecast = {
  hours: [hour(21), hour(22)],
  ...five([
    [10, 12],
    [20, 24],
    [30, 36],
    [45, 50],
    [70, null],
  ]),
  aqi24: five([
    [40, 41],
    [50, 52],
    [60, 61],
    [75, 80],
    [110, 130],
  ]),
  sample: [
    [25, 26],
    [31, 33],
  ],
  observed: { hours: [hour(19), hour(20), hour(21)], PM2_5: [80, null, 33], aqi24: [90, 91, 92] },
} as unknown as Forecast

describe('the fan on one axis', () => {
  it('joins observed and forecast hours, each once, and finds the issue', () => {
    const fan = fanSeries(forecast, 'pm25')
    expect(fan.hours).toEqual([hour(19), hour(20), hour(21), hour(22)])
    expect(fan.issueAt).toBe(1)
    expect(fan.observed).toEqual([80, null, 33, null])
    expect(fan.median).toEqual([null, null, 30, 36])
  })

  it('stacks the bands to the quantiles, and a missing quantile leaves a gap', () => {
    const { floor, low, middle, high } = fanSeries(forecast, 'pm25').bands
    expect(floor).toEqual([null, null, 10, 12])
    expect(low).toEqual([null, null, 10, 12])
    expect(middle).toEqual([null, null, 25, 26])
    expect(high).toEqual([null, null, 25, null])
  })

  it('reads the index from the running 24 h quantiles', () => {
    const fan = fanSeries(forecast, 'aqi')
    expect(fan.median).toEqual([null, null, 60, 61])
    expect(fan.observed).toEqual([90, 91, 92, null])
    expect(fan.members).toEqual([])
  })

  it('shows members only when asked', () => {
    expect(fanSeries(forecast, 'members').members).toEqual([
      [null, null, 25, 26],
      [null, null, 31, 33],
    ])
  })

  it('ends the axis on a round value above everything', () => {
    expect(fanTop(fanSeries(forecast, 'aqi'))).toBe(150)
    expect(fanTop(fanSeries(forecast, 'pm25'))).toBe(150)
  })
})
