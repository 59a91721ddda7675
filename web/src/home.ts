/** What the roles open first: forecasters and the air division the situation, administrators their own work. */
const HOMES: readonly [path: string, right: string][] = [
  ['/map', 'clock.set'],
  ['/inbox', 'matter.read'],
  ['/admin/roles', 'grant.approve'],
  ['/admin/organisations', 'org.write'],
  ['/admin/audit', 'audit.read'],
  ['/map', 'air.read'],
]

/** The first page after login. */
export function homeOf(rights: ReadonlySet<string>): string {
  return HOMES.find(([, right]) => rights.has(right))?.[0] ?? '/account'
}

/** Where a login leads back to: a page of our own, never another site. */
export function backFrom(asked: unknown): string {
  if (typeof asked !== 'string' || !/^\/(?![/\\])/.test(asked) || /^\/login\b/.test(asked)) return '/'
  return asked
}
