/** What the form of a step asks for; `text` names the words above the field. */
export interface StepFields {
  title?: boolean
  text?: 'comment' | 'done' | 'opinion' | 'content'
  required?: boolean
  due?: boolean
  assigned?: boolean
  reason?: boolean
}

const FIELDS: Record<string, StepFields> = {
  acknowledge: {},
  comment: { text: 'comment', required: true },
  submit: { text: 'done', required: true },
  approve: { text: 'opinion' },
  return: { text: 'opinion', required: true },
  cancel: { text: 'opinion', required: true },
  assign: { assigned: true, reason: true },
  reschedule: { due: true, reason: true },
  rename: { title: true, text: 'content', reason: true },
}

/** A step that this page does not know yet can still be taken, with a reason. */
export function stepFields(step: string): StepFields {
  return FIELDS[step] ?? { reason: true }
}
