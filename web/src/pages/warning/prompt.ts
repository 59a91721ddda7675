import type { LinkedArea, PromptBody } from '@/api/warningTypes'

type Level = PromptBody['level']
type Choice = Pick<PromptBody, 'linkage' | 'level' | 'from'>

/** The bodies that prompt an area at a level, as the plan names them. */
export function prompters(area: LinkedArea | undefined, level: Level | undefined): string[] {
  return area?.prompts.filter((one) => one.level === level).map((one) => one.from) ?? []
}

/** Another level, prompted by the first body that may. */
export function withLevel(area: LinkedArea | undefined, level: Level): Pick<Choice, 'level' | 'from'> {
  return { level, from: prompters(area, level)[0] ?? '' }
}

/** Another area; the level stays where the plan has it for that area too. */
export function withArea(areas: readonly LinkedArea[], id: string, level: Level): Choice {
  const area = areas.find((one) => one.id === id)
  const known = area?.prompts.some((one) => one.level === level)
  return { linkage: id, ...withLevel(area, known ? level : (area?.prompts[0]?.level ?? level)) }
}

/** A prompt to be filled in: the first area of the plan at its first level. */
export function firstPrompt(areas: readonly LinkedArea[], now: string): PromptBody | null {
  const area = areas[0]
  const level = area?.prompts[0]?.level
  return area && level ? { ...withArea(areas, area.id, level), document: '', received: now } : null
}
