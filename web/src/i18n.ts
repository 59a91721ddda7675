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
/** Whether the words of matters and administration are wanted; map and login do without them. */
let office = false

export async function speak(language: Language) {
  if (language === 'en') {
    const { default: en } = await import('./locales/en')
    i18n.global.setLocaleMessage('en', en as never)
  }
  if (office) await learn(language)
  present.value = language
}

/** Loads the words of the pages where people work, in the present language and in each one that follows. */
export async function learnOffice() {
  office = true
  await learn(present.value)
}

async function learn(language: Language) {
  const { default: words } = await (language === 'en'
    ? import('./locales/en/office')
    : import('./locales/zh-CN/office'))
  i18n.global.mergeLocaleMessage(language, words as never)
}
