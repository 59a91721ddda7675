import { useI18n } from 'vue-i18n'
import { usePreferences } from '@/stores/preferences'
import { dayText } from '@/time'

const SIGNS: Record<string, string> = { PM2_5: 'PM2.5', O3_8h: 'O3-8h' }

/** The sign for micro, where files say `ug`. */
export const unitSign = (unit: string) => unit.replace(/^ug\//, 'μg/').replace('m3', 'm³')

/** Pollutants and classes in words. Formatting only: values and classes come rounded from the server. */
export function useWords() {
  const { t, te } = useI18n()
  const preferences = usePreferences()

  /** For canvases and lists, `PM2_5` becomes `PM2.5`. */
  const pollutant = (code: string) => SIGNS[code] ?? code
  const primary = (codes: string | null | undefined) => (codes ? codes.split('|').map(pollutant).join('、') : '—')
  const unit = (code: string) => (code === 'CO' ? 'mg/m³' : 'μg/m³')
  const level = (index: number | null | undefined) => t(`air.level.${index || 0}`)
  const letter = (index: number | null | undefined) => t(`air.letter.${index || 0}`)
  const figure = (value: number | null | undefined, digits?: number) => {
    if (value === null || value === undefined) return '—'
    const fixed = digits === undefined ? String(value) : value.toFixed(digits)
    return fixed.replace('-', '−')
  }
  const percent = (share: number | null | undefined) =>
    share === null || share === undefined ? '—' : `${figure(Math.round(share * 100))}%`
  const name = (place: { name: string; name_en?: string }) =>
    preferences.language === 'en' ? (place.name_en ?? place.name) : place.name
  const say = (text: { text: string; text_en?: string | null }) =>
    preferences.language === 'en' ? (text.text_en ?? text.text) : text.text
  /** A flag without words of ours is shown by its code. */
  const flag = (code: string) => (code && te(`state.flag.${code}`) ? t(`state.flag.${code}`) : code)
  const day = (date: string) => dayText(date, preferences.language)
  return { t, te, pollutant, primary, unit, level, letter, figure, percent, name, say, day, flag }
}

export const ROMAN = ['—', 'Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', 'Ⅵ']
