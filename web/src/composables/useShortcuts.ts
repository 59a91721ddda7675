import { onMounted, onUnmounted, shallowReactive } from 'vue'
import { usePreferences } from '@/stores/preferences'

export interface Shortcut {
  /** Such as `Shift+ArrowLeft`, `Space`, `7`, `?`; `g w` is one key after the other. */
  keys: string[]
  /** Key of the words that the help dialog shows. */
  help: string
  run: (key: string) => void
}

/** What is in force now, in the order of the help dialog. */
export const activeShortcuts = shallowReactive<Shortcut[]>([])

let listeners = 0

/** How long a first key waits for its second one. */
const SECOND_KEY_MS = 1200
let first = { key: '', until: 0 }

/** The name of a key press. Shift counts only with keys that have no second sign of their own. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): string {
  const key = event.key === ' ' ? 'Space' : event.key
  const plain = key.length === 1 ? key.toLowerCase() : key
  const shift = event.shiftKey && key.length > 1 ? 'Shift+' : ''
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${shift}${plain}`
}

/** Typing must never trigger anything, and a focused control keeps its own keys. */
export function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('input, textarea, select, [contenteditable="true"], dialog')) return true
  const control = target.closest('button, a, summary, [role="tab"], [role="button"]')
  return control !== null && (key === 'Space' || key === 'Enter')
}

function onKeydown(event: KeyboardEvent) {
  const key = keyName(event)
  if (event.defaultPrevented || usePreferences().shortcuts === 'off' || isTaken(event.target, key)) return
  const shortcut = shortcutFor(key, event.timeStamp)
  if (!shortcut) return
  event.preventDefault()
  shortcut.run(key)
}

/** A key that follows another in time is read with it first; a first key may mean something by itself too. */
export function shortcutFor(key: string, now: number): Shortcut | undefined {
  const both = now < first.until ? `${first.key} ${key}` : ''
  const found = activeShortcuts.find((one) => both !== '' && one.keys.includes(both))
  const begins = !found && activeShortcuts.some((one) => one.keys.some((keys) => keys.startsWith(`${key} `)))
  first = { key, until: begins ? now + SECOND_KEY_MS : 0 }
  return found ?? activeShortcuts.find((one) => one.keys.includes(key))
}

/** Puts shortcuts in force while the component is on the page. */
export function useShortcuts(shortcuts: Shortcut[]) {
  onMounted(() => {
    activeShortcuts.push(...shortcuts)
    if (listeners++ === 0) window.addEventListener('keydown', onKeydown)
  })
  onUnmounted(() => {
    shortcuts.forEach((shortcut) => activeShortcuts.splice(activeShortcuts.indexOf(shortcut), 1))
    if (--listeners === 0) window.removeEventListener('keydown', onKeydown)
  })
}
