import type { PlanFault } from '@/api/planTypes'
import type { Problem } from '@/api/problem'

/** Faults by the line of the text they are about; 0 for those that are about the whole. */
export function faultsByLine(text: string, faults: readonly PlanFault[]): Map<number, PlanFault[]> {
  const lines = text.split('\n')
  const found = new Map<number, PlanFault[]>()
  for (const fault of faults) {
    const line = lineOf(lines, fault.where)
    found.set(line, [...(found.get(line) ?? []), fault])
  }
  return found
}

/** `line 12`, `12`, `第 12 行`, or a part such as `levels.orange` or `act_at`. */
function lineOf(lines: readonly string[], where: string): number {
  const number = /^(?:line\s*|第\s*)?(\d+)(?:\s*行)?(?:[:,，\s]|$)/i.exec(where)
  if (number) return Math.min(Number(number[1]), lines.length)
  const key = where.split(/[.[\]]/).filter(Boolean)[0]
  const at = key ? lines.findIndex((line) => new RegExp(`^\\s*\\[{0,2}${escaped(key)}\\b`).test(line)) : -1
  return at + 1
}

/** A text that is no plan is refused as a whole; the refusal names the line where it knows it. */
export function faultOf({ body }: Problem): PlanFault {
  const line = /\bline (\d+)/.exec(body.detail ?? '')?.[1]
  const detail = body.detail ? ` ${body.detail}` : ''
  return {
    where: line ? `line ${line}` : body.code,
    text: `${body.title}${detail}`,
    text_en: `${body.title_en}${detail}`,
    blocks: true,
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
