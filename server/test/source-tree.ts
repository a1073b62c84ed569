import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What one file takes from another file or package. */
export interface Import {
  /** Path from the root of the repository, with `/`. */
  from: string
  /** A path from the root, or the bare name of a package or of Node (`node:fs`); undefined when it is computed. */
  to: string | undefined
  /** `type` when nothing of it is left at run time; `import { type A }` loads the file, so it is a value. */
  kind: 'type' | 'value'
}

/** A source file with what the tests on conventions look at. */
export interface SourceFile {
  path: string
  imports: Import[]
  /** Whether it reads the environment of the process. */
  readsEnvironment: boolean
  /** Each text in it; `sql` when it stands where a statement is handed to the database. */
  texts: { text: string; sql: boolean }[]
}

interface Node {
  type: string
  [key: string]: unknown
}

type Parse = (file: string, text: string) => { program: unknown; errors: unknown[] }

const MADE_BY_MACHINE = new Set(['node_modules', '.git', 'dist', 'data', 'demo-data', '.tmp', 'packit-results'])

/** The paths (from the root) of all files below `folder`, without what is generated or ignored by git; [] if it is missing. */
export function listFiles(folder = '.'): string[] {
  const absolute = join(ROOT, folder)
  if (!existsSync(absolute)) return []
  return readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return MADE_BY_MACHINE.has(entry.name) ? [] : listFiles(path)
    return entry.isFile() ? [path] : []
  })
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/**
 * Reads TypeScript files below a folder, test files and their helpers (`*.test.ts`, `test-*.ts`) left out.
 *
 * @throws {Error} for a file that can't be parsed, with its path
 */
export async function readSources(folder: string): Promise<SourceFile[]> {
  const parse = await loadParser()
  return listFiles(folder)
    .filter((path) => /\.[mc]?tsx?$/.test(path) && !isTest(path))
    .map((path) => readSource(path, readText(path), parse))
}

/** The same for one text; for tests of the tests. */
export async function readSourceText(path: string, text: string): Promise<SourceFile> {
  return readSource(path, text, await loadParser())
}

/** What the field calls tests: those of built packages, which the service runs. */
const OF_THE_FIELD = /^test-(check|queue|result|run|timeout|variable|wait)s?\./

/** A test, or a helper of tests (`test-world.ts`). */
export function isTest(path: string): boolean {
  const name = posix.basename(path)
  return /\.test\.tsx?$/.test(name) || (name.startsWith('test-') && !OF_THE_FIELD.test(name))
}

/** The dashboard's bundler brings a parser that keeps types; TypeScript 7 has none that can be called. */
async function loadParser(): Promise<Parse> {
  const require = createRequire(join(ROOT, 'dashboard/package.json'))
  const vite: { parseSync: Parse } = await import(require.resolve('vite'))
  return vite.parseSync
}

function readSource(path: string, text: string, parse: Parse): SourceFile {
  const { program, errors } = parse(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${JSON.stringify(errors[0])}`)
  const file: SourceFile = { path, imports: [], readsEnvironment: false, texts: [] }
  visit(program, false, file)
  return file
}

function visit(value: unknown, sql: boolean, file: SourceFile): void {
  if (Array.isArray(value)) for (const item of value) visit(item, sql, file)
  if (!isNode(value)) return
  note(value, sql, file)
  const within = sql || handsToDatabase(value)
  for (const child of Object.values(value)) visit(child, within, file)
}

function note(node: Node, sql: boolean, file: SourceFile): void {
  const imported = readImport(node)
  if (imported) file.imports.push({ from: file.path, to: resolve(file.path, imported.to), kind: imported.kind })
  if (isEnvironment(node)) file.readsEnvironment = true
  const text = readLiteral(node)
  if (text !== undefined) file.texts.push({ text, sql })
}

function readImport(node: Node): { to: string | undefined; kind: Import['kind'] } | undefined {
  const to = readLiteral(node.source)
  switch (node.type) {
    case 'ImportDeclaration':
      return { to, kind: node.importKind === 'type' ? 'type' : 'value' }
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source ? { to, kind: node.exportKind === 'type' ? 'type' : 'value' } : undefined
    case 'TSImportType':
      return { to, kind: 'type' }
    case 'ImportExpression':
      return { to, kind: 'value' }
    default:
      return undefined
  }
}

/** `process.env`, `process['env']`, `const { env } = process`, `import { env } from 'node:process'`. */
function isEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression') return isNamed(node.object, 'process') && isNamed(node.property, 'env')
  if (node.type === 'VariableDeclarator')
    return isNamed(node.init, 'process') && JSON.stringify(node.id).includes('"env"')
  return node.type === 'ImportDeclaration' && /^(node:)?process$/.test(readLiteral(node.source) ?? '')
}

/** Drizzle's sql`…`, and calls such as `sql.raw(…)`, `client.query(…)`, `db.execute(…)`, `pglite.exec(…)`. */
function handsToDatabase(node: Node): boolean {
  if (node.type === 'TaggedTemplateExpression') return isNamed(node.tag, 'sql')
  if (node.type !== 'CallExpression' || !isNode(node.callee)) return false
  return ['query', 'execute', 'exec', 'raw'].some((name) => isNamed((node.callee as Node).property, name))
}

function readLiteral(value: unknown): string | undefined {
  if (!isNode(value)) return undefined
  if (value.type === 'Literal' && typeof value.value === 'string') return value.value
  if (value.type !== 'TemplateElement') return undefined
  return (value.value as { raw: string }).raw
}

function isNamed(value: unknown, name: string): boolean {
  return isNode(value) && (value.name === name || value.value === name)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function resolve(from: string, to: string | undefined): string | undefined {
  return to?.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), to)) : to
}
