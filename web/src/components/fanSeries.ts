import type { Forecast, Quantiles, Series } from '@/api/types'

export type FanMode = 'aqi' | 'pm25' | 'members'

export interface Fan {
  hours: string[]
  /** Place of the last hour before the forecast begins. */
  issueAt: number
  observed: Series
  median: Series
  /** Lowest edge and the three widths above it, to be stacked: 5–25, 25–75, 75–95 %. */
  bands: { floor: Series; low: Series; middle: Series; high: Series }
  members: Series[]
}

/** Puts observed and forecast hours on one axis. Gaps stay gaps. */
export function fanSeries(forecast: Forecast, mode: FanMode): Fan {
  const hours = [...new Set([...forecast.observed.hours, ...forecast.hours])].sort()
  const place = new Map(hours.map((hour, index) => [hour, index]))
  const spread = (from: string[], values: Series) => onAxis(from, values, place)
  const quantiles: Quantiles = mode === 'aqi' ? forecast.aqi24 : forecast
  const observed = mode === 'aqi' ? forecast.observed.aqi24 : forecast.observed.PM2_5
  const ahead = (values: Series) => spread(forecast.hours, values)
  return {
    hours,
    issueAt: (place.get(forecast.hours[0] ?? '') ?? 0) - 1,
    observed: spread(forecast.observed.hours, observed),
    median: ahead(quantiles.q50),
    bands: {
      floor: ahead(quantiles.q05),
      low: ahead(difference(quantiles.q25, quantiles.q05)),
      middle: ahead(difference(quantiles.q75, quantiles.q25)),
      high: ahead(difference(quantiles.q95, quantiles.q75)),
    },
    members: mode === 'members' ? forecast.sample.map(ahead) : [],
  }
}

function onAxis(from: string[], values: Series, place: Map<string, number>): Series {
  const axis: Series = new Array<number | null>(place.size).fill(null)
  from.forEach((hour, index) => (axis[place.get(hour) ?? 0] = values[index] ?? null))
  return axis
}

function difference(above: Series, below: Series): Series {
  return above.map((value, index) => {
    const ground = below[index]
    return value === null || ground === null || ground === undefined ? null : value - ground
  })
}

/** The upper end of the value axis: everything fits, and a clean day does not look dramatic. */
export function fanTop(fan: Fan): number {
  const upper = fan.bands.floor.map((floor, index) => {
    const { low, middle, high } = fan.bands
    return (floor ?? 0) + (low[index] ?? 0) + (middle[index] ?? 0) + (high[index] ?? 0)
  })
  const highest = Math.max(
    100,
    ...upper,
    ...fan.observed.map((value) => value ?? 0),
    ...fan.members.flat().map((value) => value ?? 0),
  )
  return Math.min(500, Math.ceil((highest * 1.05) / 50) * 50)
}
