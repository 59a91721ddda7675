import type { Attachment } from '@/api/types'
import { longHourText } from '@/time'

const UNITS = ['B', 'kB', 'MB', 'GB']

/** `4.2 MB`; steps of 1000, as file managers count. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toPrecision(value < 99.5 ? 2 : 3)} ${UNITS[unit]}`
}

/** `32.0603°N 118.7969°E`: ten metres, which is what a telephone knows. */
export function positionText({ lon, lat }: { lon: number; lat: number }): string {
  const part = (degrees: number, sides: string) =>
    `${Math.abs(degrees).toFixed(4)}°${degrees < 0 ? sides[1] : sides[0]}`
  return `${part(lat, 'NS')} ${part(lon, 'EW')}`
}

/** What the camera says of time and place; empty when it says nothing. */
export function claims({ taken_at, position }: Pick<Attachment, 'taken_at' | 'position'>): string {
  return [taken_at ? longHourText(taken_at) : '', position ? positionText(position) : ''].filter(Boolean).join(' · ')
}
