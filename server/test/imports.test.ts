import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  type Import,
  isTest,
  listFiles,
  readSources,
  readSourceText,
  readText,
  type SourceFile,
} from './source-tree.ts'

/** What a zone may import: `values`, and `types` besides as `import type`. Its own files always, packages too. */
interface Rule {
  values: readonly string[]
  types?: readonly string[]
}

const OUTSIDE = ['sandbox', 'git', 'storage', 'forges', 'builders', 'testers', 'targets', 'messages']
const STAGE: Rule = { values: ['domain', 'db', 'jobs'], types: OUTSIDE }
const NEAR: Rule = { values: ['domain'] }
const ADAPTER: Rule = { values: ['domain', 'sandbox', 'git', 'storage', 'fakes'] }
const EVERYTHING = 'everything'

/** The table of docs/architecture.md. A new folder needs a row here, a new stage a decision record as well. */
const SERVER: Record<string, Rule | typeof EVERYTHING> = {
  domain: { values: [] },
  db: NEAR,
  sandbox: NEAR,
  git: NEAR,
  storage: NEAR,
  fakes: NEAR,
  forges: ADAPTER,
  builders: ADAPTER,
  testers: ADAPTER,
  targets: ADAPTER,
  messages: ADAPTER,
  jobs: { values: ['domain', 'db'] },
  webhooks: STAGE,
  events: STAGE,
  builds: STAGE,
  'test-runs': STAGE,
  releases: STAGE,
  reports: STAGE,
  api: { values: ['domain', 'db', 'jobs'], types: ['storage'] },
  http: { values: ['api', 'webhooks/routes.ts'] },
  config: NEAR,
  'config.ts': { values: ['domain', 'config'] },
  'main.ts': EVERYTHING,
  cli: EVERYTHING,
}

const DASHBOARD: Record<string, Rule | typeof EVERYTHING> = {
  pages: { values: ['components', 'api', 'lib'] },
  components: { values: ['api', 'lib'] },
  lib: { values: [] },
  api: { values: [] },
  styles: { values: [] },
  routes: EVERYTHING,
  'main.tsx': EVERYTHING,
  'routes.tsx': EVERYTHING,
}

/** Programs that run inside the sandbox: what they load has to be there, and can reach nothing of the service. */
const INSIDE = /\/inside\//
const INSIDE_MAY = /^server\/src\/(domain|sandbox\/inside)\//

/** What `domain` may use besides itself: it computes, and touches neither files, network, clock nor processes. */
const COMPUTES = /^(node:(assert|buffer|crypto|net|path|url|util|vm)(\/.*)?|yaml|ipaddr\.js|typebox(\/.*)?)$/

let server: SourceFile[] = []
let dashboard: SourceFile[] = []
before(async () => {
  server = await readSources('server/src')
  dashboard = await readSources('dashboard/src')
})

/** Why an import is against the rules, or undefined. */
function judge(edge: Import): string | undefined {
  const { from, to, kind } = edge
  if (to === undefined) return 'the path is computed: write it out, so that it can be seen'
  const side = from.startsWith('dashboard/') ? 'dashboard/src/' : 'server/src/'
  const isOurs = /^(\.\.|server|dashboard|bench|scripts|examples|docs|deploy)(\/|$)/.test(to) || to.endsWith('.json')
  if (INSIDE.test(from)) return judgeInside(from, to, isOurs)
  if (!isOurs) return judgePackage(from.slice(side.length), to)
  if (side === 'dashboard/src/' && to === 'openapi.json') return undefined
  if (isTest(to)) return 'it is a test, or a helper of tests'
  const table = side === 'server/src/' ? SERVER : DASHBOARD
  const isOwnManifest = to === side.replace('src/', 'package.json')
  if (isOwnManifest && table[zoneOf(from.slice(side.length))] === EVERYTHING) return undefined
  if (!to.startsWith(side)) return `it lies outside ${side}`
  return judgeZones(table, from.slice(side.length), to.slice(side.length), kind)
}

function judgeInside(from: string, to: string, isOurs: boolean): string | undefined {
  if (!isOurs) return to.startsWith('node:') ? undefined : 'no package is there inside the sandbox'
  const own = from.slice(0, from.search(INSIDE) + '/inside/'.length)
  return to.startsWith(own) || INSIDE_MAY.test(to)
    ? undefined
    : 'inside the sandbox there are only domain and sandbox/inside'
}

function judgePackage(from: string, name: string): string | undefined {
  if (name.startsWith('@packit-service/')) return 'the two workspaces share nothing but openapi.json'
  if (zoneOf(from) === 'domain' && !COMPUTES.test(name)) return 'domain uses libraries that only compute'
  return undefined
}

function judgeZones(table: typeof SERVER, from: string, to: string, kind: Import['kind']): string | undefined {
  const rule = table[zoneOf(from)]
  if (!rule) return `${zoneOf(from)} has no row in the import table`
  if (rule === EVERYTHING || zoneOf(from) === zoneOf(to)) return undefined
  const isIn = (list: readonly string[] = []) => list.includes(zoneOf(to)) || list.includes(to)
  if (isIn(rule.values)) return undefined
  if (!isIn(rule.types)) return `${zoneOf(from)} may not import ${zoneOf(to)}`
  return kind === 'type' ? undefined : `${zoneOf(from)} may import ${zoneOf(to)} as \`import type\` only`
}

function zoneOf(path: string): string {
  return path.split('/', 1)[0] ?? path
}

/** The first circle of imports that are left at run time, as the paths along it; [] if there is none. */
function findCycle(files: readonly SourceFile[]): string[] {
  const next = new Map(
    files.map((file) => [file.path, file.imports.filter((i) => i.kind === 'value').map((i) => i.to ?? '')]),
  )
  const done = new Set<string>()
  const walk = (path: string, way: string[]): string[] => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    if (done.has(path)) return []
    for (const to of next.get(path) ?? []) {
      const cycle = walk(to, [...way, path])
      if (cycle.length > 0) return cycle
    }
    done.add(path)
    return []
  }
  for (const path of next.keys()) {
    const cycle = walk(path, [])
    if (cycle.length > 0) return cycle
  }
  return []
}

/** Whether a text opens or ends a transaction. `commit` is also a word of the configuration, so case counts outside SQL. */
function isTransactionControl({ text, sql }: { text: string; sql: boolean }): boolean {
  const statement = /(^|;)\s*(BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT)\b/
  return statement.test(sql ? text.toUpperCase() : text)
}

test('each import of the server is one that the import table allows', () => {
  assert.deepEqual(server.flatMap(explain), [])
})

test('each import of the dashboard is one that the import table allows', () => {
  assert.deepEqual(dashboard.flatMap(explain), [])
})

test('no files import each other in a circle', () => {
  assert.deepEqual([findCycle(server), findCycle(dashboard)], [[], []])
})

test('only config.ts reads the environment; programs inside the sandbox see the one that the sandbox made', () => {
  const readers = server.filter((file) => file.readsEnvironment && !INSIDE.test(file.path)).map((file) => file.path)
  assert.deepEqual(
    readers.filter((path) => path !== 'server/src/config.ts'),
    [],
  )
})

test('only db/ opens and ends transactions', () => {
  const others = server.filter((file) => !file.path.startsWith('server/src/db/'))
  assert.deepEqual(
    others.filter((file) => file.texts.some(isTransactionControl)).map((file) => file.path),
    [],
  )
})

test('no file leads out of the repository', () => {
  const elsewhere = ['..', 'shared'].join('/')
  assert.deepEqual(
    listFiles().filter((path) => readText(path).includes(elsewhere)),
    [],
  )
})

test('each folder is explained in the page on the architecture', () => {
  const page = readText('docs/architecture.md')
  const zones = (files: SourceFile[], side: string) => new Set(files.map(({ path }) => zoneOf(path.slice(side.length))))
  const all = [...zones(server, 'server/src/'), ...zones(dashboard, 'dashboard/src/')]
  assert.deepEqual(
    all.filter((zone) => !page.includes(zone.includes('.') ? `\`${zone}\`` : `\`${zone}/\``)),
    [],
  )
})

test('the import table refuses what it does not name', async () => {
  const refused: [string, string][] = [
    ['server/src/domain/a.ts', "import { a } from '../db/b.ts'"],
    ['server/src/domain/a.ts', "import { readFileSync } from 'node:fs'"],
    ['server/src/builds/a.ts', "import { a } from '../events/b.ts'"],
    ['server/src/builds/a.ts', "import type { A } from '../events/b.ts'"],
    ['server/src/builds/a.ts', "import { a } from '../builders/builder.ts'"],
    ['server/src/builds/a.ts', "import { type A } from '../builders/builder.ts'"],
    ['server/src/builds/a.ts', "export * from '../storage/storage.ts'"],
    ['server/src/builds/a.ts', "const a = await import('../storage/storage.ts')"],
    ['server/src/builds/a.ts', 'const a = await import(name)'],
    ['server/src/api/a.ts', "import { a } from '../storage/storage.ts'"],
    ['server/src/http/a.ts', "import { a } from '../webhooks/receive.ts'"],
    ['server/src/db/a.ts', "import type { A } from '../jobs/jobs.ts'"],
    ['server/src/events/a.ts', "import { a } from '../config.ts'"],
    ['server/src/events/a.ts', "import { a } from './test-a.ts'"],
    ['server/src/newcomer/a.ts', "import { a } from '../domain/a.ts'"],
    ['server/src/builders/local/inside/a.ts', "import { a } from '../builder.ts'"],
    ['server/src/builders/local/inside/a.ts', "import { a } from 'yaml'"],
    ['server/src/db/a.ts', "import manifest from '../../package.json' with { type: 'json' }"],
    ['server/src/cli/a.ts', "import { a } from '../../../dashboard/src/lib/a.ts'"],
    ['dashboard/src/lib/a.ts', "import { a } from '../api/a.ts'"],
    ['dashboard/src/components/a.tsx', "import { a } from '../pages/a.tsx'"],
    ['dashboard/src/api/a.ts', "import type { A } from '../../../server/src/domain/a.ts'"],
  ]
  for (const [path, text] of refused)
    assert.equal(explain(await readSourceText(path, text)).length, 1, `${path}: ${text}`)
})

test('the import table allows what it names', async () => {
  const allowed: [string, string][] = [
    ['server/src/domain/a.ts', "import { parseDocument } from 'yaml'"],
    ['server/src/builds/a.ts', "import type { Builder } from '../builders/builder.ts'"],
    ['server/src/builds/a.ts', "export type { Builder } from '../builders/builder.ts'"],
    ['server/src/builds/a.ts', "type A = import('../builders/builder.ts').Builder"],
    ['server/src/builds/a.ts', "// import { a } from '../events/b.ts'\nconst a = \"import x from '../events/b.ts'\""],
    ['server/src/http/a.ts', "import { a } from '../webhooks/routes.ts'"],
    ['server/src/builders/local/inside/a.ts', "import { a } from '../../../sandbox/inside/host.ts'"],
    ['server/src/main.ts', "import { a } from './builders/builder.ts'"],
    ['server/src/cli/a.ts', "import manifest from '../../package.json' with { type: 'json' }"],
    ['dashboard/src/pages/a.tsx', "import { a } from '../components/a.tsx'"],
    ['dashboard/src/api/a.ts', "import document from '../../../openapi.json'"],
  ]
  for (const [path, text] of allowed) assert.deepEqual(explain(await readSourceText(path, text)), [])
})

test('a circle, a transaction and a look at the environment are seen in each spelling', async () => {
  const a = await readSourceText('server/src/db/a.ts', "import { b } from './b.ts'")
  const b = await readSourceText('server/src/db/b.ts', "import { a } from './a.ts'")
  assert.deepEqual(findCycle([a, b]), ['server/src/db/a.ts', 'server/src/db/b.ts', 'server/src/db/a.ts'])

  for (const text of [
    "client.query('BEGIN')",
    'db.execute(sql`rollback`)',
    'pglite.exec(`begin; select 1`)',
    "run('COMMIT')",
  ]) {
    assert.ok((await readSourceText('a.ts', text)).texts.some(isTransactionControl), text)
  }
  assert.ok(!(await readSourceText('a.ts', "const trigger = 'commit'")).texts.some(isTransactionControl))

  for (const text of [
    'process.env.A',
    "process['env']",
    'const { env } = process',
    "import { env } from 'node:process'",
  ]) {
    assert.ok((await readSourceText('a.ts', text)).readsEnvironment, text)
  }
})

function explain(file: SourceFile): string[] {
  return file.imports.flatMap((edge) => {
    const why = judge(edge)
    return why ? [`${edge.from} imports ${edge.to ?? 'a computed path'}: ${why}`] : []
  })
}
