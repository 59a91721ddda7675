// Every page, what shows that it has its figures, and the charts that mark when they have been drawn.
export const PAGES = [
  { name: 'map', path: '/map', ready: '[data-testid=rank-list] tbody tr', charts: ['map', 'fan'] },
  { name: 'cities', path: '/cities', ready: 'main a[href="/cities/320300"]' },
  {
    name: 'city',
    path: '/cities/320300',
    ready: '[data-testid=city-title]',
    charts: ['pollutant-PM2_5', 'fan', 'hours'],
  },
  { name: 'quality', path: '/quality', ready: 'main table' },
  { name: 'standards', path: '/standards', ready: 'main table' },
]

export const MAP = PAGES[0]
export const CITY = PAGES[2]

/** Every way to look at them. */
export const LOOKS = ['light', 'dark'].flatMap((theme) => ['zh-CN', 'en'].map((language) => ({ theme, language })))
