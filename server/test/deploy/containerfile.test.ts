// The image can't be built in a test: its file is linted, and what it copies is started.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { validate } from 'dockerfile-utils'
import { makeDatabase } from '../database.ts'
import { ServiceProcess } from '../service-process.ts'
import { ROOT, readDeploy } from './files.ts'

interface Stage {
  name: string
  lines: string[]
}

/** The stages of the file, each with its instructions on one line. */
async function readStages(): Promise<Stage[]> {
  const text = (await readDeploy('Containerfile')).replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, ' ')
  const stages: Stage[] = []
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, name] = /^FROM \S+ AS (\S+)$/.exec(line) ?? []
    if (name) stages.push({ name, lines: [] })
    stages.at(-1)?.lines.push(line)
  }
  return stages
}

const of = (stage: Stage | undefined, word: string) =>
  (stage?.lines ?? []).filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))

test('the file has no fault that a linter finds, and base images are parameters', async () => {
  const text = await readDeploy('Containerfile')
  assert.deepEqual(
    validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    [],
  )
  for (const image of text.matchAll(/^FROM (\S+)/gm)) assert.match(image[1] ?? '', /^(\$\{[A-Z]+_IMAGE\}|scratch)$/)
})

test('the last stage is the service: not root, a health check, labels, and nothing that builds', async () => {
  const stages = await readStages()
  const last = stages.at(-1)
  assert.equal(last?.name, 'service')
  for (const stage of stages.filter(({ name }) => name !== 'build' && name !== 'app')) {
    assert.deepEqual(of(stage, 'USER'), ['10001:10001'], stage.name)
    assert.match(of(stage, 'HEALTHCHECK').join(), /CMD \["node", "\/app\/server\/bin\/healthcheck\.mjs"\]$/)
    assert.match(of(stage, 'LABEL').join(), /image\.title=.*image\.licenses="MIT".*image\.version=.*image\.revision=/)
    assert.deepEqual(of(stage, 'COPY'), ['--from=app /app ./'], 'what runs comes from the build alone')
    assert.deepEqual(of(stage, 'WORKDIR'), ['/app'])
  }
  assert.doesNotMatch(of(last, 'RUN').join(), /\b(gcc|make|g\+\+|build-essential|npm|rpm-build|python3?)\b/)
})

test('the builder has every program that building needs, as scripts/setup names them for Fedora', async () => {
  const builder = (await readStages()).find(({ name }) => name === 'builder')
  const setup = await readFile(join(ROOT, 'scripts/setup'), 'utf8')
  const table = /^NEEDED_TO_RUN='\n([\s\S]*?)^'/m.exec(setup)?.[1] ?? ''
  const wanted = table.split('\n').flatMap((line) => line.split(/\s+/)[2] ?? [])
  assert.ok(wanted.length > 10)
  const installed = new Set(of(builder, 'RUN').join(' ').split(/\s+/))
  assert.deepEqual(
    wanted.filter((name) => !installed.has(name)),
    [],
  )
})

test('what the images hold is enough to serve, with the packages of production alone', async () => {
  const held = (await readStages()).find(({ name }) => name === 'app')
  const dir = mkdtempSync(join(ROOT, '.tmp', 'image-'))
  try {
    const app = join(dir, 'app')
    for (const copy of of(held, 'COPY')) copyAsImage(copy, dir)
    // the entry point is /app/…, beside its own node_modules
    const main = join(app, 'server/src/main.ts')
    const run = (...args: string[]) => execFileSync(process.execPath, [main, ...args], { cwd: dir, encoding: 'utf8' })
    assert.match(run('--version'), /^\d+\.\d+\.\d+\n$/)
    const data = join(dir, 'data')
    await makeDatabase(join(data, 'database'))
    await using started = await ServiceProcess.start(data, {}, ['--liftoff-only', main, 'serve'])
    const env = { PATH: process.env.PATH ?? '', PACKIT_PORT: new URL(started.url).port }
    execFileSync(process.execPath, [join(app, 'server/bin/healthcheck.mjs')], { env })
    assert.match(await (await fetch(started.url)).text(), /<div id="root">/)
    await started.stop()
    assert.throws(() =>
      execFileSync(process.execPath, [join(app, 'server/bin/healthcheck.mjs')], { env, stdio: 'ignore' }),
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

/** Does what `COPY --from=build FROM… TO` does, from this work tree into a folder that stands for the root of the image. */
function copyAsImage(copy: string, root: string): void {
  const [from = [], to = ''] = [copy.split(' ').slice(1, -1), copy.split(' ').at(-1)]
  for (const path of from) {
    const source = relative('/src', path)
    const target = to.endsWith('/') ? join(root, to, source) : join(root, to)
    if (source === 'node_modules') copyPackages(target)
    else {
      assert.ok(existsSync(join(ROOT, source)), `${source} is not there: the dashboard is built by "scripts/setup run"`)
      cpSync(join(ROOT, source), target, {
        recursive: true,
        filter: (file) => !/\/(node_modules|test)(\/|$)/.test(file.slice(ROOT.length - 1)),
      })
    }
  }
}

/** As `npm ci --omit=dev -w server --include-workspace-root` would lay them; hard links, since links would lead back here. */
function copyPackages(target: string): void {
  const found = execFileSync(
    'npm',
    ['ls', '--omit=dev', '-w', 'server', '--include-workspace-root', '--all', '--parseable'],
    { cwd: ROOT, encoding: 'utf8' },
  )
  const folders = found.split('\n').filter((path) => path.startsWith(`${ROOT}node_modules/`) && existsSync(path))
  assert.ok(folders.length > 50, found)
  for (const folder of folders.sort()) {
    const to = join(target, relative(`${ROOT}node_modules`, folder))
    if (existsSync(to)) continue
    mkdirSync(dirname(to), { recursive: true })
    execFileSync('cp', ['-al', folder, to])
  }
}
