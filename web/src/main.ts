import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { nextTask } from './nextTask'
import { i18n, speak } from './i18n'
import { router } from './router'
import { usePreferences } from './stores/preferences'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/print.css'

const app = createApp(App).use(createPinia()).use(router).use(i18n)
const start = () => nextTask().then(() => app.mount('#app'))
speak(usePreferences().language).then(start, start)
