/** Days in rows of seven, Monday first; places without a day are null. */
export function weeks<Day extends { date: string }>(days: Day[]): (Day | null)[][] {
  const rows: (Day | null)[][] = []
  for (const day of days) {
    const place = (new Date(`${day.date}T00:00:00Z`).getUTCDay() + 6) % 7
    if (rows.length === 0 || place === 0) rows.push(new Array<Day | null>(7).fill(null))
    const week = rows.at(-1)
    if (week) week[place] = day
  }
  return rows
}

export interface HourCell {
  /** 0 for the label 01:00, 23 for 24:00. */
  hour: number
  day: number
  index: number
}

export interface HourGrid {
  days: string[]
  cells: HourCell[]
}

/** Where each hour stands in the picture hour × day. The label 24:00 (00:00 of the next date) closes its day. */
export function hourCells(hours: string[]): HourGrid {
  const days: string[] = []
  const cells = hours.map((label, index) => {
    const start = new Date(Date.parse(label) + 7 * 3_600_000).toISOString()
    const date = start.slice(0, 10)
    if (days.at(-1) !== date) days.push(date)
    return { hour: Number(start.slice(11, 13)), day: days.length - 1, index }
  })
  return { days, cells }
}
