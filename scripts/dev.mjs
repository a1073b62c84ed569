#!/usr/bin/env node
// npm run dev: the service, started anew on each change of the server, and the dashboard with its changes shown at once.
// `npm run dev demo` gives it the sample's pull request to show.
//
// The pages are at Vite's address, which passes API, repositories and the rest on to the service. The service keeps its
// data in .tmp/dev unless PACKIT_DATA_DIR names another folder. Plain JavaScript: any Node must be able to begin it.
import { spawn, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** What the service answers itself; everything else is a page. */
const SERVED_BY_SERVICE = ['/api', '/repos', '/metrics', '/setup']

if (Number.parseInt(process.versions.node, 10) < 24) restartOnPinnedNode()
else await develop()

/** The machine's own Node can't run the service: makes sure that the pinned one is there, and goes on with it. */
function restartOnPinnedNode() {
  setUp()
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), process.argv.slice(1), { stdio: 'inherit' })
  endWith(child, () => {})
}

async function develop() {
  setUp()
  const { PACKIT_HOST: host = '127.0.0.1', PACKIT_PORT: port = '8080' } = process.env
  const service = startService()
  const pages = await startPages(`http://${host.includes(':') ? `[${host}]` : host}:${port}`)
  endWith(service, () => pages.close())
  pages.printUrls()
}

function setUp() {
  const { status } = spawnSync(join(ROOT, 'scripts/setup'), ['run'], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

function startService() {
  const env = { PACKIT_DATA_DIR: join(ROOT, '.tmp/dev'), ...process.env }
  const args = ['--watch', '--watch-preserve-output', 'server/src/main.ts', process.argv[2] ?? 'serve']
  return spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' })
}

/** Vite belongs to the dashboard, so it is looked up from there. */
async function startPages(service) {
  const root = join(ROOT, 'dashboard')
  const { createServer } = await import(pathToFileURL(createRequire(join(root, 'package.json')).resolve('vite')).href)
  const proxy = Object.fromEntries(SERVED_BY_SERVICE.map((path) => [path, service]))
  const server = await createServer({ root, configFile: join(root, 'vite.config.ts'), server: { proxy } })
  return server.listen()
}

/** Passes signals on, so that the service stops as it does alone, and ends as it ends. */
function endWith(child, closing) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', async (code) => {
    await closing()
    process.exit(code ?? 1)
  })
}
