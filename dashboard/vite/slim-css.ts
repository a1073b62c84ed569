import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { transform } from 'lightningcss'
import { PurgeCSS } from 'purgecss'
import type { Plugin, Rolldown } from 'vite'
import { shortNames } from './short-names.ts'
import { wordsOf } from './words.ts'

/** Our own rules are all meant, also those whose classes the code puts together (`bar-` and a colour). */
const OWN_SHEETS = new URL('../src/styles/', import.meta.url)
/** What PatternFly's sheets hold for themes that we don't offer. */
const UNUSED_THEMES = [/theme-(felt|glass|high-contrast)/]
/** Put on elements by scripts outside of the bundle, or by the document itself. */
const ALWAYS = ['html', 'body', 'pf-v6-theme-dark']
/** PurgeCSS takes a pseudo-class alone within `:is()` for something unused: `:is(:empty, …)`. */
const LONE_PSEUDO = /(:(?:is|where)\(|,\s*)(?=:(?:empty|first-child|last-child|hover|focus|disabled))/g
/** The icon font: we draw our icons as SVG. */
const ICON_FONT = /@font-face\s*\{[^}]*pf-v6-pficon[^}]*\}/g

/**
 * Takes out of the style sheets what no page uses: PatternFly's are ten times what we need. Rules go whose classes
 * occur nowhere in our code, then custom properties that nobody reads, and those that stay get short names.
 */
export function slimCss(): Plugin {
  return {
    name: 'slim-css',
    enforce: 'post',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = Object.values(bundle)
      const chunks = files.filter((file) => file.type === 'chunk')
      const sheets = files.filter((file) => file.type === 'asset' && file.fileName.endsWith('.css'))
      const words = new Set([...wordsOf(chunks.map(codeOf)), ...ownClasses()])
      const code = chunks.map((chunk) => chunk.code).join('\n')
      const slim = await Promise.all(sheets.map(async (sheet) => purge(textOf(sheet), words)))
      const short = shortNames(slim, code)
      sheets.forEach((sheet, index) => {
        if (sheet.type !== 'asset') return
        sheet.source = minify(short[index] ?? '')
        renameByContent(bundle, sheet)
      })
      dropUnusedFiles(bundle, short.join('\n') + code)
    },
  }
}

/** The code of our modules and of those libraries that stayed, without the class maps of `react-styles`. */
function codeOf(chunk: Rolldown.OutputChunk): string {
  const modules = Object.entries(chunk.modules).filter(([id]) => !id.includes('/react-styles/'))
  return modules.map(([, module]) => module.code ?? '').join('\n')
}

function textOf(asset: Rolldown.OutputAsset | Rolldown.OutputChunk): string {
  if (asset.type === 'chunk') return ''
  return typeof asset.source === 'string' ? asset.source : new TextDecoder().decode(asset.source)
}

function ownClasses(): string[] {
  const sheets = readdirSync(OWN_SHEETS).filter((name) => name.endsWith('.css'))
  const css = sheets.map((name) => readFileSync(new URL(name, OWN_SHEETS), 'utf8')).join('\n')
  return [...css.matchAll(/\.([a-z][\w-]*)/g)].flatMap(([, name]) => (name && !name.startsWith('pf-') ? name : []))
}

async function purge(css: string, words: ReadonlySet<string>): Promise<string> {
  const [result] = await new PurgeCSS().purge({
    content: [{ raw: [...words, ...ALWAYS].join(' '), extension: 'txt' }],
    css: [{ raw: css.replace(ICON_FONT, '').replace(LONE_PSEUDO, '$1*') }],
    defaultExtractor: (content) => content.split(' '),
    safelist: ALWAYS,
    blocklist: UNUSED_THEMES,
    variables: true,
    keyframes: true,
    // fonts are named through custom properties only, so none of them would seem used
    fontFace: false,
  })
  return result?.css ?? css
}

function minify(css: string): string {
  const { code } = transform({ filename: 'style.css', code: new TextEncoder().encode(css), minify: true })
  return new TextDecoder().decode(code)
}

/**
 * Gives a sheet a name made from what it became: the bundler's was made from the whole sheet, so two builds could serve
 * different rules under one name that browsers keep for ever.
 */
function renameByContent(bundle: Rolldown.OutputBundle, sheet: Rolldown.OutputAsset): void {
  const before = sheet.fileName
  const hash = createHash('sha256').update(sheet.source).digest('base64url').slice(0, 8)
  const after = before.replace(/-[\w-]{8}\.css$/, `-${hash}.css`)
  sheet.fileName = after
  for (const file of Object.values(bundle)) {
    if (file.type === 'chunk') file.code = file.code.replaceAll(before, after)
    else if (file.fileName.endsWith('.html')) file.source = textOf(file).replaceAll(before, after)
  }
}

/** Fonts and pictures that no rule names any more need not be served. */
function dropUnusedFiles(bundle: Rolldown.OutputBundle, text: string): void {
  for (const [name, file] of Object.entries(bundle)) {
    if (/\.(woff2?|svg)$/.test(name) && file.type === 'asset' && !text.includes(name.split('/').at(-1) ?? name))
      delete bundle[name]
  }
}
