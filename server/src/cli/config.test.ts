import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ConfigArguments, runConfigCommand } from './config.ts'

interface Ran {
  code: number
  text: string
}

/** Runs the command in a repository called `hello` that holds these files. */
async function run(files: Record<string, string>, args: Partial<ConfigArguments> = {}): Promise<Ran> {
  const top = await mkdtemp(join(tmpdir(), 'config-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(top, 'hello', name)
      await mkdir(join(path, '..'), { recursive: true })
      await writeFile(path, content)
    }
    const written: string[] = []
    const output = {
      write: (part: string) => void written.push(part),
      isTerminal: false,
      hasColor: false,
      columns: 100,
    }
    const code = await runConfigCommand(
      { json: false, dataDir: join(top, 'data'), ...args, file: join(top, 'hello', args.file ?? '.packit.yaml') },
      output,
    )
    return { code, text: written.join('').replaceAll(`${top}/hello/`, '') }
  } finally {
    await rm(top, { recursive: true })
  }
}

test('a valid configuration is shown with its packages and jobs, and what differs from the defaults', async () => {
  const config =
    'srpm_build_deps: [make]\njobs:\n  - {job: copr_build, trigger: commit | release, targets: [epel-9], branch: main}\n'
  const { code, text } = await run({ '.packit.yaml': config, 'hello.spec': '' })

  assert.equal(code, 0)
  assert.equal(
    text,
    [
      '✓ .packit.yaml is valid: 1 package, 2 jobs',
      '',
      'Package hello: hello.spec',
      '  srpm_build_deps: [make]',
      '  upstream_package_name: hello',
      '',
      'Jobs',
      '   1 copr_build on commit: epel-9',
      '       branch: main',
      '   2 copr_build on release: epel-9',
      '       branch: main',
      '',
      'Targets as of 2026-11-24',
      '  epel-9: epel-9-x86_64',
      '',
    ].join('\n'),
  )
})

test('what aliases stand for is told with the day that is of, and names that are not known with others', async () => {
  const config =
    'specfile_path: a.spec\njobs: [{job: copr_build, trigger: commit, targets: [fedora-stabel, epel-10-all, fedora-45-x86_64]}]\n'
  const { code, text } = await run({ '.packit.yaml': config })
  assert.equal(code, 0)
  assert.match(text, /\nTargets as of 2026-11-24\n {2}epel-10-all: rhel\+epel-10-x86_64, epel-10-x86_64\n/)
  assert.match(text, /\n {2}✗ There is no target "fedora-stabel"\. Did you mean fedora-stable/)
  const { targets } = JSON.parse((await run({ '.packit.yaml': config }, { json: true })).text)
  assert.deepEqual(
    [targets.as_of, targets.chroots['epel-10-all'].length, targets.unknown[0].name],
    ['2026-11-24', 2, 'fedora-stabel'],
  )
})

test('of several packages each job says which it is for', async () => {
  const config =
    'packages: {a: {specfile_path: a.spec}, b: {specfile_path: b.spec}}\njobs: [{job: tests, trigger: commit, targets: [epel-9], packages: [b]}]\n'
  const { text } = await run({ '.packit.yaml': config })
  assert.match(text, /1 tests on commit\n {7}b: epel-9\n/)
})

test('an error is shown with its place, its line and a mark below it; the exit code is 2', async () => {
  const { code, text } = await run({
    '.packit.yaml': 'specfile_path: a.spec\njobs:\n  - job: tests\n    triger: commit\n',
  })

  assert.equal(code, 2)
  const lines = text.split('\n')
  assert.equal(lines[0], '✗ .packit.yaml is invalid: 2 errors')
  assert.ok(lines.includes('.packit.yaml:4:5: error: unknown key "triger"; did you mean "trigger"? (jobs[0].triger)'))
  assert.equal(lines[lines.indexOf('  4 │     triger: commit') + 1], '    │     ^')
})

test('control characters of a file are shown, not obeyed', async () => {
  const { text } = await run({ '.packit.yaml': '"\\e[31mred": 1\n' })
  assert.ok(!text.includes('\u001b'))
})

test('--json prints one document: what differs from the defaults, in a job from its package', async () => {
  const config =
    'specfile_path: a.spec\nowner: me\njobs:\n  - {job: tests, trigger: commit, skip_build: true, owner: null, timeout: 60}\n'
  const { code, text } = await run({ '.packit.yaml': config }, { json: true })

  assert.equal(code, 0)
  const others = { manual_trigger: false, labels: [], sidetag_group: null, dependents: [], dependencies: [] }
  assert.deepEqual(JSON.parse(text), {
    valid: true,
    packages: {
      hello: {
        config_file_path: '.packit.yaml',
        downstream_package_name: 'hello',
        owner: 'me',
        specfile_path: 'a.spec',
        upstream_package_name: 'hello',
      },
    },
    jobs: [
      {
        type: 'tests',
        trigger: 'commit',
        skip_build: true,
        ...others,
        packages: { hello: { owner: null, timeout: 60 } },
      },
    ],
    targets: { as_of: '2026-11-24', chroots: {}, unknown: [] },
    warnings: [],
  })
})

test('--json tells errors with kind, key, place and message', async () => {
  const { code, text } = await run({ '.packit.yaml': 'create_pr: maybe\n' }, { json: true, specFiles: ['a.spec'] })

  assert.equal(code, 2)
  const message = 'create_pr must be true or false, found the text "maybe"'
  const error = { kind: 'wrong_type', key: 'create_pr', path: 'create_pr', line: 1, column: 12, message }
  assert.deepEqual(JSON.parse(text), { valid: false, errors: [error], warnings: [] })
})

test('what is given counts instead of what is found', async () => {
  const files = { 'packit.yml': 'jobs: []\n', 'hello.spec': '' }
  const given = {
    file: 'packit.yml',
    json: true,
    repoName: 'tool',
    configPath: 'x/.packit.yaml',
    specFiles: ['b.spec'],
  }
  const { text } = await run(files, given)
  assert.deepEqual(JSON.parse(text).packages, {
    tool: {
      config_file_path: '.packit.yaml',
      downstream_package_name: 'tool',
      specfile_path: 'b.spec',
      upstream_package_name: 'tool',
    },
  })
})

test('of a folder the configuration is found, and the spec file nearest to its top that is no test', async () => {
  const files = {
    'packit.yml': '',
    '.packit.yml': 'jobs: []\n',
    'tests/a.spec': '',
    'fedora/tests/b.spec': '',
    '.git/c.spec': '',
  }
  const { text } = await run(files, { file: '', json: true })
  assert.equal(JSON.parse(text).packages.hello.specfile_path, 'fedora/tests/b.spec')
  assert.equal(JSON.parse(text).packages.hello.config_file_path, '.packit.yml')
})

test('a file or configuration that is not there is named', async () => {
  await assert.rejects(run({ a: '' }), { name: 'NotFoundError', message: /there is no file .*\.packit\.yaml/ })
  await assert.rejects(run({ a: '' }, { file: '' }), {
    name: 'NotFoundError',
    message: /no package configuration in .*hello/,
  })
})
