const KINDS = { pending: 'info', done: 'ok', dead: 'late', cancelled: 'idle' } as const

export function workKind(state: string) {
  return KINDS[state as keyof typeof KINDS] ?? 'idle'
}
