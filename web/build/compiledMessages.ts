import { baseCompile } from '@intlify/message-compiler'
import type { Plugin } from 'vite'

type Messages = { [key: string]: string | Messages }

/** Replaces every text by its syntax tree, which the run-time-only build of vue-i18n reads directly. */
function compile(messages: Messages): object {
  const entries = Object.entries(messages).map(([key, value]) => [
    key,
    typeof value === 'string' ? baseCompile(value, { jit: true, location: false }).ast : compile(value),
  ])
  return Object.fromEntries(entries) as object
}

/** Compiles `src/locales/**.json` while building, so that no message is parsed in the browser. */
export function compiledMessages(): Plugin {
  return {
    name: 'qingkong:compiled-messages',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/locales\/.+\.json$/.test(id)) return null
      const tree = JSON.stringify(compile(JSON.parse(code) as Messages))
      return { code: tree, map: null }
    },
  }
}
