import { createRouter, createWebHistory, START_LOCATION, type RouteLocationNormalized } from 'vue-router'
import { homeOf } from './home'
import { learn, type Part } from './i18n'
import { rightsOf } from './shell/entries'
import { useSession } from './stores/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title. */
    title: string
    /** One of these opens it; none for what everybody may see. */
    rights?: readonly string[]
    /** Stands alone, without menu and top bar, and needs no login. */
    bare?: boolean
  }
}

/** The chart engine comes along with the page instead of after it. */
function mapPage() {
  void import('./components/MapView.vue')
  return import('./pages/map/MapPage.vue')
}

type Load = () => Promise<unknown>

/** A page that comes with its words. */
const withWords = (part: Part) => (load: Load) => async () => (await Promise.all([load(), learn(part)]))[0]
const office = withWords('office')
const outlook = withWords('outlook')
const places = withWords('places')
const response = withWords('response')

/** A page of the menu: its name and its rights stand there. */
function entry(path: string, name: string, component: () => Promise<unknown>) {
  return { path, component, meta: { title: `shell.menu.${name}`, rights: rightsOf(path) } }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/login',
      component: withWords('login')(() => import('./pages/login/LoginPage.vue')),
      meta: { title: 'session.title', bare: true },
    },
    { path: '/', component: () => import('./pages/missing/MissingPage.vue'), meta: { title: 'shell.menu.title' } },
    {
      path: '/account',
      component: office(() => import('./pages/account/AccountPage.vue')),
      meta: { title: 'session.mine' },
    },
    entry(
      '/inbox',
      'inbox',
      office(() => import('./pages/inbox/InboxPage.vue')),
    ),
    entry(
      '/matters',
      'matters',
      office(() => import('./pages/matters/MattersPage.vue')),
    ),
    {
      path: '/matters/:id',
      component: office(() => import('./pages/matter/MatterPage.vue')),
      meta: { title: 'shell.menu.matters', rights: rightsOf('/matters') },
    },
    entry(
      '/notices',
      'notices',
      office(() => import('./pages/notices/NoticesPage.vue')),
    ),
    entry('/map', 'map', mapPage),
    entry(
      '/cities',
      'cities',
      places(() => import('./pages/cities/CitiesPage.vue')),
    ),
    {
      path: '/cities/:adcode(\\d{6})',
      component: places(() => import('./pages/city/CityPage.vue')),
      meta: { title: 'shell.menu.cities', rights: rightsOf('/cities') },
    },
    entry(
      '/quality',
      'quality',
      places(() => import('./pages/quality/QualityPage.vue')),
    ),
    entry(
      '/standards',
      'standards',
      places(() => import('./pages/standards/StandardsPage.vue')),
    ),
    entry(
      '/forecast',
      'forecast',
      outlook(() => import('./pages/forecast/ForecastPage.vue')),
    ),
    entry(
      '/rooms',
      'rooms',
      outlook(() => import('./pages/rooms/RoomsPage.vue')),
    ),
    {
      path: '/rooms/:id',
      component: outlook(() => import('./pages/room/RoomPage.vue')),
      meta: { title: 'shell.menu.rooms', rights: rightsOf('/rooms') },
    },
    {
      path: '/guest',
      component: outlook(() => import('./pages/guest/GuestPage.vue')),
      meta: { title: 'shell.menu.rooms', bare: true },
    },
    entry(
      '/verification',
      'verification',
      outlook(() => import('./pages/verification/VerificationPage.vue')),
    ),
    entry(
      '/episodes',
      'episodes',
      outlook(() => import('./pages/episodes/EpisodesPage.vue')),
    ),
    entry(
      '/models',
      'models',
      outlook(() => import('./pages/models/ModelsPage.vue')),
    ),
    entry(
      '/warnings',
      'warnings',
      response(() => import('./pages/warnings/WarningsPage.vue')),
    ),
    {
      path: '/warnings/:id',
      component: response(() => import('./pages/warning/WarningPage.vue')),
      meta: { title: 'shell.menu.warnings', rights: rightsOf('/warnings') },
    },
    entry(
      '/plans',
      'plans',
      response(() => import('./pages/plans/PlansPage.vue')),
    ),
    {
      path: '/plans/:id',
      component: response(() => import('./pages/plan/PlanPage.vue')),
      meta: { title: 'shell.menu.plans', rights: rightsOf('/plans') },
    },
    {
      path: '/wall/warning',
      component: response(() => import('./pages/wall/WarningWall.vue')),
      meta: { title: 'shell.menu.warnings', bare: true },
    },
    entry(
      '/admin/organisations',
      'organisations',
      office(() => import('./pages/organisations/OrganisationsPage.vue')),
    ),
    entry(
      '/admin/accounts',
      'accounts',
      office(() => import('./pages/accounts/AccountsPage.vue')),
    ),
    entry(
      '/admin/roles',
      'roles',
      office(() => import('./pages/roles/RolesPage.vue')),
    ),
    entry(
      '/admin/sessions',
      'sessions',
      office(() => import('./pages/sessions/SessionsPage.vue')),
    ),
    entry(
      '/admin/audit',
      'audit',
      office(() => import('./pages/audit/AuditPage.vue')),
    ),
    entry(
      '/admin/work',
      'work',
      office(() => import('./pages/work/WorkPage.vue')),
    ),
    entry(
      '/admin/channels',
      'channels',
      office(() => import('./pages/channels/ChannelsPage.vue')),
    ),
    {
      path: '/:rest(.*)*',
      component: () => import('./pages/missing/MissingPage.vue'),
      meta: { title: 'shell.missing.title' },
    },
  ],
  // A first page is at its top already, and asking for that would force a layout.
  scrollBehavior: (to, from) => (to.path === from.path || from === START_LOCATION ? false : { top: 0 }),
})

/** The page is fetched while the server is asked who is there. */
function fetchAhead(to: RouteLocationNormalized) {
  const load = to.matched[0]?.components?.['default']
  if (typeof load === 'function') void (load as () => Promise<unknown>)().catch(() => undefined)
}

router.beforeEach(async (to) => {
  if (to.meta.bare) return true
  const session = useSession()
  if (session.hasCookie()) fetchAhead(to)
  await session.ask()
  // A server that was not reached is no reason to ask for a password: the page says what is wrong.
  if (session.problem) return true
  if (!session.me) return { path: '/login', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
  if (session.me.needs && to.path !== '/account') return '/account'
  return to.path === '/' ? homeOf(session.rights) : true
})
