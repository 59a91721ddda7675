// Every page, who may open it, what shows that it has its figures, and the charts that mark when they have been drawn.
import { DESK, PHONE } from './browser.mjs'

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

/** Where people work: logging in, matters, the own account, administration. */
export const HOUSE = [
  { name: 'login', path: '/login', as: null, ready: '[data-testid=demo-forecaster]' },
  { name: 'inbox', path: '/inbox', as: 'nanjing', ready: '[data-testid=inbox-todo]' },
  { name: 'matters', path: '/matters', as: 'air', ready: 'main input[type=search]' },
  { name: 'notices', path: '/notices', as: 'nanjing', ready: 'main h1' },
  { name: 'account', path: '/account', as: 'chair', ready: 'main table' },
  {
    name: 'organisations',
    path: '/admin/organisations?id=320300',
    as: 'sysadmin',
    ready: '[data-testid=organisation-card]',
  },
  { name: 'accounts', path: '/admin/accounts?id=nanjing', as: 'sysadmin', ready: '[data-testid=account-card]' },
  { name: 'grants', path: '/admin/roles', as: 'secadmin', ready: 'main table tbody tr' },
  { name: 'roles', path: '/admin/roles?tab=roles', as: 'secadmin', ready: 'main dl' },
  { name: 'delegations', path: '/admin/roles?tab=delegations', as: 'secadmin', ready: 'main h1' },
  {
    name: 'explanation',
    path: '/admin/roles?tab=explain&who=nanjing&right=matter.read',
    as: 'secadmin',
    ready: '[data-testid=explanation] tbody tr',
  },
  { name: 'sessions', path: '/admin/sessions', as: 'secadmin', ready: 'main table tbody tr' },
  { name: 'audit', path: '/admin/audit', as: 'auditor', ready: 'main table tbody tr' },
  { name: 'jobs', path: '/admin/work', as: 'sysadmin', ready: 'main h1' },
  { name: 'timers', path: '/admin/work?tab=timers', as: 'sysadmin', ready: 'main h1' },
  { name: 'calendar', path: '/admin/work?tab=calendar&year=2026', as: 'sysadmin', ready: 'main table tbody tr' },
  { name: 'channels', path: '/admin/channels', as: 'sysadmin', ready: 'main h1' },
  { name: 'templates', path: '/admin/channels?tab=templates', as: 'sysadmin', ready: '[data-testid=preview]' },
  { name: 'deliveries', path: '/admin/channels?tab=deliveries', as: 'sysadmin', ready: 'main h1' },
]

/** 预报会商: what is forecast, how good it was, and the rooms. */
export const OUTLOOK = [
  { name: 'forecast', path: '/forecast', ready: '[data-testid=matrix] tbody tr', charts: ['fan'] },
  { name: 'forecast, probabilities', path: '/forecast?p=p150', ready: '[data-testid=matrix] tbody tr' },
  { name: 'forecast, map', path: '/forecast?map=on', ready: '[data-testid=matrix] tbody tr', charts: ['map'] },
  { name: 'verification', path: '/verification', ready: '[data-testid=scores] tbody tr', charts: ['reliability'] },
  {
    name: 'verification of the index',
    path: '/verification?pollutant=AQI&by=city',
    ready: '[data-testid=scores] tbody tr',
    charts: ['width'],
  },
  { name: 'episodes', path: '/episodes', ready: '[data-testid=episodes-ahead]' },
  { name: 'models', path: '/models', ready: '[data-testid=models] tbody tr' },
  { name: 'rooms', path: '/rooms', ready: '[data-testid=tempo]' },
]

/** 预警应急: warnings and plans. */
export const RESPONSE = [
  { name: 'warnings', path: '/warnings', as: 'air', ready: '[data-testid=proposal] tbody tr' },
  { name: 'plans', path: '/plans', as: 'air', ready: '[data-testid=plans] tbody tr' },
  { name: 'plan', path: '/plans/national-2024', as: 'air', ready: '[data-testid=plan-facts]' },
]

/** Every way to look at them. */
export const LOOKS = ['light', 'dark'].flatMap((theme) => ['zh-CN', 'en'].map((language) => ({ theme, language })))

/** Wide and on a phone; English is read on the wide screen in `LOOKS`. */
export const SIZES = ['light', 'dark'].flatMap((theme) => [
  { name: `${theme}, wide`, theme, viewport: DESK },
  { name: `${theme}, phone`, theme, viewport: PHONE, scale: 2, touch: true },
])
