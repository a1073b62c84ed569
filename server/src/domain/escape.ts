import { createHash } from 'node:crypto'

/*
 * Texts of strangers (titles, branch names, log lines) made harmless for the place they are shown in. The dashboard's pages
 * escape by themselves; terminals, Markdown, pages made here and names that become paths don't.
 */

// an operating system command (]) or device string (P X ^ _) counts only with its end, or it would hide what follows it
const ANSI =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-Z\\^_`-~])|\x9b[0-?]*[ -/]*[@-~]/g
/** Characters that change the order or the width of the text around them without being seen. */
const INVISIBLE =
  '\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}'
const CONTROL = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f'
const HIDDEN = new RegExp(`[${CONTROL}${INVISIBLE}]`, 'gu')
const HIDDEN_IN_LINE = new RegExp(`[\\t\\n${CONTROL}${INVISIBLE}\\ud800-\\udfff]`, 'gu')

/** A text without colours, cursor movements, control characters (tab and newline stay) and characters that reorder text. */
export function plainText(text: string): string {
  if (!/[^\n\t -~]/.test(text)) return text
  return text.replace(ANSI, '').replace(HIDDEN, '')
}

/**
 * A text of a stranger as one line for the terminal: what a terminal would obey or hide is shown by its code instead.
 *
 * @returns e.g. `\x1b[31mred` as the letters `\x1b[31mred`, a right-to-left override as `\u202e`
 */
export function terminalText(text: string): string {
  return text.replace(HIDDEN_IN_LINE, showCode)
}

function showCode(char: string): string {
  if (char === '\n') return '\\n'
  if (char === '\r') return '\\r'
  if (char === '\t') return '\\t'
  const code = char.codePointAt(0) ?? 0
  if (code > 0xffff) return `\\u{${code.toString(16)}}`
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A text of a stranger inside HTML: in a paragraph, or in an attribute between quotes. */
export function htmlText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

const MARKDOWN = /[\\`*_{}[\]()<>#+\-.!|~&$:^=]/g

/**
 * A text of a stranger inside a paragraph of Markdown (GitHub, GitLab, Forgejo): shown letter by letter, on one line. It makes no
 * markup, HTML, link, mention, reference to an issue or commit, emoji or formula.
 */
export function markdownText(text: string): string {
  return (
    plainText(text)
      .replace(/\s+/g, ' ')
      .trim()
      .replace(MARKDOWN, '\\$&')
      // forges read these after Markdown's escapes are gone: an empty comment or a joiner keeps the word apart
      .replaceAll('@', '@\u2060')
      .replace(/\\#(?=\d)/g, '\\#\u2060')
      .replace(/\b(https?|ftp|mailto|www)(?=\\[:.])/gi, '$1\u2060')
      .replace(/(?<![\p{L}\p{N}])([0-9a-f]{7})(?=[0-9a-f]{0,33}(?![\p{L}\p{N}]))/gu, '$1\u2060')
      .replace(/\b(GH|gh)(?=\\-\d)/g, '$1\u2060')
  )
}

/**
 * Lines of a stranger as a fenced block of Markdown.
 *
 * @returns the block with a fence that is longer than any inside
 */
export function markdownBlock(text: string): string {
  const plain = plainText(text)
  const longest = Math.max(2, ...Array.from(plain.matchAll(/`+/g), ([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${plain}\n${fence}`
}

/**
 * Whether a name may stand in a path, a header or a `.repo` file.
 *
 * @returns false for the empty name, `.`, `..` and names longer than 255 characters, too
 */
export function isSafeName(name: string): boolean {
  return /^[A-Za-z0-9._+~-]{1,255}$/.test(name) && name !== '.' && name !== '..'
}

export interface RepositoryNameParts {
  /** Host of the forge; only the names of projects on github.com do without it. */
  forge: string
  namespace: string
  repo: string
  /** Number of the pull request, name of the branch, or `releases`. */
  ref: string
  identifier?: string | null
  /** Whether the package is one of several of its repository: the identifier is then left out. */
  monorepo?: boolean
}

/** A file's name has at most 255 bytes, and the `.repo` file's is this with the chroot behind it. */
const LONGEST_NAME = 160

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/**
 * Name of the repository that packages are published under, as Copr projects are called by default:
 * `[<host>-]<namespace>-<repo>-<ref>[-<identifier>]`, with `-` for all that doesn't fit. Too long ones end with a hash.
 *
 * Several projects can have one name (`a-b/c` and `a/b-c`, branch `x/y` and `x-y`). The names are public and users have them
 * in their settings, so they stay; whoever publishes has to look whether the name belongs to another project.
 */
export function repositoryName({ forge, namespace, repo, ref, identifier, monorepo }: RepositoryNameParts): string {
  const parts = [forge === 'github.com' ? '' : forge, namespace, repo, ref, monorepo ? '' : (identifier ?? '')]
  const name = parts
    .filter((part) => part !== '')
    .join('-')
    .replace(/[^A-Za-z0-9_.-]/g, '-')
  if (name.length > LONGEST_NAME) return `${name.slice(0, LONGEST_NAME - 17)}-${hashOf(name)}`
  return name === '.' || name === '..' || name === '' ? '-' : name
}
