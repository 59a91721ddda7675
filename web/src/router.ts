import { createRouter, createWebHistory, START_LOCATION } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title. */
    title: string
  }
}

/** The chart engine comes along with the page instead of after it. */
function mapPage() {
  void import('./components/MapView.vue')
  return import('./pages/map/MapPage.vue')
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/map' },
    { path: '/map', component: mapPage, meta: { title: 'shell.menu.map' } },
    { path: '/cities', component: () => import('./pages/cities/CitiesPage.vue'), meta: { title: 'shell.menu.cities' } },
    {
      path: '/cities/:adcode(\\d{6})',
      component: () => import('./pages/city/CityPage.vue'),
      meta: { title: 'shell.menu.cities' },
    },
    {
      path: '/quality',
      component: () => import('./pages/quality/QualityPage.vue'),
      meta: { title: 'shell.menu.quality' },
    },
    {
      path: '/standards',
      component: () => import('./pages/standards/StandardsPage.vue'),
      meta: { title: 'shell.menu.standards' },
    },
    {
      path: '/:rest(.*)*',
      component: () => import('./pages/missing/MissingPage.vue'),
      meta: { title: 'shell.missing.title' },
    },
  ],
  // A first page is at its top already, and asking for that would force a layout.
  scrollBehavior: (to, from) => (to.path === from.path || from === START_LOCATION ? false : { top: 0 }),
})
