import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vite'
import { compiledMessages } from './build/compiledMessages.ts'
import { precompress } from './build/precompress.ts'

const server = process.env['QINGKONG_SERVER'] ?? 'http://127.0.0.1:8080'

/** Small modules that nearly every page needs come in one piece; charts are left to split by page. */
const BASE = {
  name: 'base',
  test: /\/src\/(chart\/tip|composables\/(useForecast|useQueryValue)|components\/(AqiChip|DataStamp|StateBox))\./,
}

export default defineConfig({
  plugins: [
    vue(),
    components({ dts: false, dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
    compiledMessages(),
    precompress(),
  ],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      // Messages are compiled at build time, so the compiler stays at home.
      'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.esm-bundler.js',
    },
  },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
  },
  // Chrome 90 is the floor of the shells in use; newer syntax is lowered to it.
  build: {
    target: 'chrome90',
    cssTarget: 'chrome90',
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: [BASE] } } },
  },
  server: { proxy: { '/api': server, '/healthz': server } },
})
