import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

export type Theme = 'light' | 'dark' | 'system'
export type Palette = 'official' | 'cvd'
export type Language = 'zh-CN' | 'en'

const SYSTEM_DARK = '(prefers-color-scheme: dark)'

/** A stored choice. A browser that refuses storage simply forgets. */
function remembered<T extends string>(key: string, allowed: readonly T[], otherwise: T) {
  const stored = readStored(key)
  const value = ref(allowed.find((choice) => choice === stored) ?? otherwise)
  watch(value, (next) => {
    try {
      localStorage.setItem(key, next)
    } catch {
      // Private windows may refuse; the choice then lasts as long as the page.
    }
  })
  return value
}

function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** What the person at the screen chose: theme, palette, language, keys. */
export const usePreferences = defineStore('preferences', () => {
  const theme = remembered<Theme>('qk-theme', ['light', 'dark', 'system'], 'system')
  const palette = remembered<Palette>('qk-palette', ['official', 'cvd'], 'official')
  const language = remembered<Language>('qk-language', ['zh-CN', 'en'], 'zh-CN')
  const shortcuts = remembered<'on' | 'off'>('qk-shortcuts', ['on', 'off'], 'on')
  /** Counts changes of look, so that canvases know when to draw again. */
  const look = ref(0)

  function applyLook() {
    const dark = theme.value === 'dark' || (theme.value === 'system' && matchMedia(SYSTEM_DARK).matches)
    document.documentElement.classList.toggle('dark', dark)
    document.documentElement.classList.toggle('cvd', palette.value === 'cvd')
    look.value += 1
  }

  watch([theme, palette], applyLook, { immediate: true, flush: 'sync' })
  watch(language, (next) => (document.documentElement.lang = next), { immediate: true })
  matchMedia(SYSTEM_DARK).addEventListener('change', applyLook)

  return { theme, palette, language, shortcuts, look, applyLook }
})
