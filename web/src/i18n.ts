import { createI18n } from 'vue-i18n'
import zh from './locales/zh-CN'

/** Chinese is the source and always there; English is loaded when it is asked for. */
export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh as Record<string, object> },
})

export async function speak(language: 'zh-CN' | 'en') {
  if (language === 'en') {
    const { default: en } = await import('./locales/en')
    i18n.global.setLocaleMessage('en', en as never)
  }
  ;(i18n.global.locale as unknown as { value: string }).value = language
}
