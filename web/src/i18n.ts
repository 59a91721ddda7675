import { createI18n } from 'vue-i18n'
import zh from './locales/zh-CN'

type Language = 'zh-CN' | 'en'

/** Chinese is the source and always there; English is loaded when it is asked for. */
export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh as Record<string, object> },
})

const present = i18n.global.locale as unknown as { value: Language }

/** Words that come along with the pages that use them; the map does without. */
const PARTS = {
  login: { 'zh-CN': () => import('./locales/zh-CN/login'), en: () => import('./locales/en/login') },
  office: { 'zh-CN': () => import('./locales/zh-CN/office'), en: () => import('./locales/en/office') },
  outlook: { 'zh-CN': () => import('./locales/zh-CN/outlook'), en: () => import('./locales/en/outlook') },
  response: { 'zh-CN': () => import('./locales/zh-CN/response'), en: () => import('./locales/en/response') },
  places: { 'zh-CN': () => import('./locales/zh-CN/places'), en: () => import('./locales/en/places') },
}
export type Part = keyof typeof PARTS
const known = new Set<Part>()

export async function speak(language: Language) {
  if (language === 'en') {
    const { default: en } = await import('./locales/en')
    i18n.global.setLocaleMessage('en', en as never)
  }
  await Promise.all([...known].map((part) => teach(part, language)))
  present.value = language
}

/** Loads the words of some pages, in the present language and in each one that follows. */
export async function learn(part: Part) {
  known.add(part)
  await teach(part, present.value)
}

async function teach(part: Part, language: Language) {
  const { default: words } = await PARTS[part][language]()
  i18n.global.mergeLocaleMessage(language, words as never)
}
