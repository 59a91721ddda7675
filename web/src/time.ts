/** Beijing time on the page: texts such as `2018-01-13T20:00:00+08:00`, never the zone of the browser. */

const HOUR = 3_600_000
const BEIJING = 8 * HOUR

const pad = (value: number) => String(value).padStart(2, '0')

/** The hour as the API writes it. */
export function beijing(moment: number): string {
  const local = new Date(moment + BEIJING)
  return `${local.toISOString().slice(0, 19)}+08:00`
}

export function addHours(hour: string, count: number): string {
  return beijing(Date.parse(hour) + count * HOUR)
}

/** Whole hours from `from` to `to`. */
export function hoursBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / HOUR)
}

/** `01-13 20:00` */
export function hourText(hour: string): string {
  return `${hour.slice(5, 10)} ${hour.slice(11, 16)}`
}

/** `2018-01-13 20:00` */
export function longHourText(hour: string): string {
  return `${hour.slice(0, 10)} ${hour.slice(11, 16)}`
}

const weekdays = new Map<string, Intl.DateTimeFormat>()

/** Making a formatter is slow, and an axis asks for hundreds of days. */
function weekdayIn(language: string): Intl.DateTimeFormat {
  const format =
    weekdays.get(language) ?? new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'Asia/Shanghai' })
  weekdays.set(language, format)
  return format
}

/** `01/13 周六`, `01/13 Sat`. Takes a day or an hour. */
export function dayText(day: string, language: string): string {
  const noon = Date.parse(`${day.slice(0, 10)}T12:00:00+08:00`)
  return `${day.slice(5, 7)}/${day.slice(8, 10)} ${weekdayIn(language).format(noon)}`
}

/** The value of an `<input type="datetime-local">`, which knows no zone. */
export function toInput(hour: string): string {
  return hour.slice(0, 16)
}

export function fromInput(text: string): string | null {
  return /^\d{4}-\d\d-\d\dT\d\d/.test(text) ? `${text.slice(0, 13)}:00:00+08:00` : null
}

/** `1 h 42 min` in parts, for the words of the reader's language. */
export function splitMinutes(minutes: number): { hours: number; minutes: string } {
  return { hours: Math.floor(minutes / 60), minutes: pad(Math.round(minutes % 60)) }
}
