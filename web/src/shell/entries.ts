/** A page of the menu, and the rights of which one opens it. */
export interface Entry {
  to: string
  /** Key of its name. */
  word: string
  icon: string
  rights: readonly string[]
}

export interface Group {
  word: string
  entries: readonly Entry[]
}

const page = (to: string, name: string, icon: string, ...rights: string[]): Entry => ({
  to,
  word: `shell.menu.${name}`,
  icon,
  rights,
})

/** The menu, in the order in which it stands. */
export const GROUPS: readonly Group[] = [
  {
    word: 'shell.menu.group_work',
    entries: [
      page('/inbox', 'inbox', 'M2 10l3-7h8l3 7v5H2zM2 10h4l1 2h4l1-2h4', 'matter.read'),
      page('/matters', 'matters', 'M3 4h2M3 9h2M3 14h2M8 4h8M8 9h8M8 14h8', 'matter.read'),
      page('/notices', 'notices', 'M4 13V8a5 5 0 0110 0v5l1.5 1.5h-13zM7.5 16h3'),
    ],
  },
  {
    word: 'shell.menu.group',
    entries: [
      page('/map', 'map', 'M2 4l5-2 4 2 5-2v12l-5 2-4-2-5 2zM7 2v12M11 4v12', 'air.read'),
      page('/cities', 'cities', 'M3 16V6h5v10M8 16V2h6v14M1 16h16M11 5h1M11 8h1M11 11h1M5 9h1M5 12h1', 'air.read'),
      page('/quality', 'quality', 'M2 9h3l2-5 3 10 2-5h4', 'quality.read'),
      page('/standards', 'standards', 'M4 2h8l3 3v11H4zM7 7h5M7 10h5M7 13h3', 'standards.read'),
    ],
  },
  {
    word: 'shell.menu.group_forecast',
    entries: [
      page('/forecast', 'forecast', 'M2 14l4-6 3 3 7-8M2 16h14', 'forecast.read'),
      page('/rooms', 'rooms', 'M2 3h10v7H6l-3 3v-3H2zM14 6h2v7h-1v3l-3-3H7', 'consult.read'),
      page('/verification', 'verification', 'M9 2a7 7 0 100 14A7 7 0 009 2zM5.5 9l2.5 2.5L12.5 7', 'forecast.read'),
      page('/episodes', 'episodes', 'M1 14c4 0 4-10 8-10s4 10 8 10M1 16h16', 'forecast.read'),
      page('/models', 'models', 'M3 2h12v4H3zM3 7h12v4H3zM3 12h12v4H3z', 'forecast.read'),
    ],
  },
  {
    word: 'shell.menu.group_response',
    entries: [
      page('/warnings', 'warnings', 'M9 2l7.5 13.5h-15zM9 7v4M9 13v1', 'warning.read'),
      page('/plans', 'plans', 'M4 2h10v14H4zM7 6h4M7 9h4M7 12h2', 'warning.read'),
    ],
  },
  {
    word: 'shell.menu.group_admin',
    entries: [
      page(
        '/admin/organisations',
        'organisations',
        'M7 2h4v4H7zM2 12h4v4H2zM12 12h4v4h-4zM9 6v3M4 12V9h10v3',
        'org.read',
      ),
      page(
        '/admin/accounts',
        'accounts',
        'M9 9a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM2.5 16a6.5 6.5 0 0113 0z',
        'account.read',
      ),
      page(
        '/admin/roles',
        'roles',
        'M9 2l6 2v5c0 4-3 6-6 7-3-1-6-3-6-7V4zM6 9l2 2 4-4',
        'grant.read',
        'delegation.write',
        'explain.read',
      ),
      page('/admin/sessions', 'sessions', 'M2 3h14v9H2zM6 16h6M9 12v4', 'session.read'),
      page('/admin/audit', 'audit', 'M3 2h9l3 3v11H3zM6 7h6M6 10h6M6 13h3', 'audit.read'),
      page('/admin/work', 'work', 'M9 2a7 7 0 100 14A7 7 0 009 2zM9 5v4l3 2', 'job.read'),
      page('/admin/channels', 'channels', 'M2 8v3l3 .5V16h3v-4l7 3V3L5 7.5z', 'channel.read'),
    ],
  },
]

export const ENTRIES: readonly Entry[] = GROUPS.flatMap((group) => group.entries)

/** The rights of which one opens the page. */
export function rightsOf(to: string): readonly string[] {
  return ENTRIES.find((entry) => entry.to === to)?.rights ?? []
}

/** The menu of somebody with these rights; empty groups fall away. */
export function menuFor(may: (...any: readonly string[]) => boolean): Group[] {
  return GROUPS.map((group) => ({ ...group, entries: group.entries.filter((entry) => may(...entry.rights)) })).filter(
    (group) => group.entries.length > 0,
  )
}
