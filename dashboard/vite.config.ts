import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressed } from './vite/compressed.ts'
import { slimCss } from './vite/slim-css.ts'

// `--mode plain` leaves PatternFly's style sheets whole: the tests compare the two.
export default defineConfig(({ mode }) => ({
  // the server may serve us under a path prefix that nobody knows at build time
  base: './',
  plugins: [react(), ...(mode === 'plain' ? [] : [slimCss(), compressed()])],
  build: {
    target: 'baseline-widely-available',
    // fonts are files of their own, never inlined: those that a page doesn't use aren't fetched
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/repos': 'http://127.0.0.1:8080' } },
}))
