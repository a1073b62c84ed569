import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cpuMs } from '../../../test/cpu-time.ts'
import { type ReadConfig, readPackageConfig } from './read.ts'
import type { ConfigProblem, PackageConfig } from './types.ts'
import { jobViews } from './views.ts'

const CONTEXT = { repoName: 'hello', configPath: '.packit.yaml', specFiles: ['hello.spec'] }

function read(text: string, context: Partial<typeof CONTEXT> = {}): ReadConfig {
  return readPackageConfig(text, { ...CONTEXT, ...context })
}

function accepted(
  text: string,
  context: Partial<typeof CONTEXT> = {},
): { config: PackageConfig; warnings: ConfigProblem[] } {
  const result = read(text, context)
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.errors))
  return result
}

/** `line:column path kind` of each error. */
function errors(text: string, context: Partial<typeof CONTEXT> = {}): string[] {
  const result = read(text, context)
  return result.ok ? [] : result.errors.map(({ line, column, path, kind }) => `${line}:${column} ${path} ${kind}`)
}

function firstMessage(text: string): string {
  const result = read(text)
  return result.ok ? 'accepted' : (result.errors[0]?.message ?? '')
}

describe('errors', () => {
  test('are told all at once, each at the place where it is written', () => {
    const text = [
      'specfil_path: a.spec',
      'create_pr: maybe',
      'jobs:',
      '  - job: copr_biuld',
      '    trigger: pull_request',
      '    targets: [fedora-all, 40]',
      '  - trigger: commit',
      '',
    ].join('\n')

    assert.deepEqual(errors(text), [
      '1:1 specfil_path unknown_key',
      '2:12 create_pr wrong_type',
      '4:10 jobs[0].job not_in_choices',
      '6:27 jobs[0].targets[1] wrong_type',
      '7:5 jobs[1].job missing_key',
    ])
  })

  test('of a value that reaches many jobs by an alias are told once', () => {
    const text = '_: &base {job: tests, trigger: commit, lables: [a]}\njobs:\n  - <<: *base\n  - <<: *base\n'
    assert.deepEqual(errors(text), ['1:40 jobs[0].lables unknown_key'])
  })

  test('of the top level are told once, however many packages and jobs there are', () => {
    const text =
      'timeout: soon\npackages: {a: {}, b: {}}\njobs:\n  - {job: tests, trigger: commit}\n  - {job: tests, trigger: release}\n'
    assert.deepEqual(errors(text), ['1:10 timeout wrong_type'])
  })

  test('of a wrong selection of packages hide no others', () => {
    const text = 'packages: {a: {foo: 1}}\njobs:\n  - {job: tests, trigger: commit, packages: [b]}\n'
    assert.deepEqual(errors(text), ['1:16 packages.a.foo unknown_key', '3:46 jobs[0].packages[0] undefined_package'])
  })

  test('are no more than a hundred', () => {
    const text = Array.from({ length: 3_000 }, (_, i) => `key${i}: 1`).join('\n')
    assert.equal(errors(text).length, 100)
  })

  const advice: [string, string, RegExp][] = [
    ['a key with a slip names the right one', 'upstream_pakage_name: a', /did you mean "upstream_package_name"\?/],
    ['a part of a key names the whole', 'specfile: a', /did you mean "specfile_path"\?/],
    ['a removed key names what replaced it', 'synced_files: [a]', /use files_to_sync/],
    ['a key of jobs on the top level says where it belongs', 'skip_build: true', /belongs into a job/],
    ['a job with a slip names the right one', 'jobs: [{job: test, trigger: commit}]', /did you mean "tests"\?/],
    ['a trigger of other systems names ours', 'jobs: [{job: tests, trigger: push}]', /use commit/],
    ['a list of triggers shows how to write it', 'jobs: [{job: tests, trigger: [commit]}]', /commit \| release/],
    ['an action with a slip names the right one', 'actions: {post_upstream_clone: a}', /"post-upstream-clone"/],
    ['a bare word that is a boolean says to quote it', 'bootstrap: on', /quotes: 'on'/],
    ['a date says to quote it', 'branch: 2024-01-01', /quotes: '2024-01-01'/],
    ['a number for text says to quote it', 'upstream_tag_template: 1.0', /quotes: '1.0'/],
    ['a target without options shows how to write it', 'targets: {fedora-all: }', /"fedora-all: \{\}"/],
    [
      'a package with a slip names the right one',
      'packages: {hello: {}}\njobs: [{job: tests, trigger: commit, packages: [helo]}]',
      /did you mean "hello"\?/,
    ],
    ['a wrong pattern says what is wrong with it', "upstream_tag_include: 'v('", /group/],
    ['a wrong comparison of versions shows a right one', 'version_update_specifiers: ">> 1"', />=1\.0, <2/],
    [
      'metadata beside its own keys says what to do',
      'jobs: [{job: tests, trigger: commit, owner: a, metadata: {timeout: 1}}]',
      /take metadata out/,
    ],
  ]
  for (const [name, text, message] of advice) test(name, () => assert.match(firstMessage(text), message))
})

test('texts that no database holds, and names that are no names, are refused where they are written', () => {
  for (const written of ['\\0', '\\ud800'])
    assert.deepEqual(errors(`upstream_project_url: "a${written}"`), ['1:23  yaml_syntax'], written)
  assert.deepEqual(errors('upstream_project_url: "\\U0001f44d"'), [])
  const long = 'x'.repeat(201)
  assert.deepEqual(errors(`identifier: ${long}`), ['1:13 identifier bad_name'])
  assert.deepEqual(errors(`status_name_template: ${long.repeat(3)}`), ['1:23 status_name_template bad_name'])
  assert.deepEqual(errors(`packages: {${long}: {specfile_path: a.spec}}`)[0]?.split(' ').at(-1), 'bad_name')
})

describe('a spec file', () => {
  const jobs = 'jobs:\n  - {job: tests, trigger: commit, skip_build: true}\n  - {job: copr_build, trigger: commit}\n'

  test('that is missing is told once a package, with the first job that needs it', () => {
    const result = read(`packages:\n  a: {}\n  b: {specfile_path: b.spec}\n${jobs}`, { specFiles: [] })
    assert.equal(result.ok, false)
    assert.deepEqual(!result.ok && result.errors.map(({ line, path }) => `${line} ${path}`), [
      '2 packages.a.specfile_path',
    ])
    assert.match(
      result.ok ? '' : (result.errors[0]?.message ?? ''),
      /copr_build on commit needs one: write specfile_path/,
    )
  })

  test('is not asked for where a key that may name it is wrong', () => {
    assert.deepEqual(errors(`specfile: a.spec\n${jobs}`, { specFiles: [] }), ['1:1 specfile unknown_key'])
  })

  test('is the one named, else follows from the package name, else is the first found', () => {
    const spec = (text: string) => Object.values(accepted(text).config.packages)[0]?.specfile_path
    assert.equal(spec('specfile_path: a.spec\ndownstream_package_name: b'), 'a.spec')
    assert.equal(spec('downstream_package_name: b'), 'b.spec')
    assert.equal(spec('upstream_package_name: b'), 'hello.spec')
  })
})

describe('warnings never refuse', () => {
  const cases: [string, string, string][] = [
    [
      'deprecated metadata',
      'jobs: [{job: tests, trigger: commit, metadata: {timeout: 5}}]',
      '1:38 jobs[0].metadata deprecated',
    ],
    ['an ignored key', 'dist_git_url: a', '1:1 dist_git_url ignored'],
    [
      'a job that never runs on its trigger',
      'jobs: [{job: koji_build, trigger: release}]',
      '1:35 jobs[0].trigger never_fires',
    ],
    [
      'two jobs whose checks overwrite each other',
      'jobs: [{job: tests, trigger: commit}, {job: tests, trigger: commit}]',
      '1:39 jobs[1].identifier duplicate_identifier',
    ],
    ['a colon in an identifier', 'identifier: "a:b"', '1:13 identifier bad_identifier'],
    ['an action that cannot run', 'actions: {fix-spec-file: 5}', '1:26 actions.fix-spec-file bad_action'],
    ['a namespace that counts for nothing', 'dist_git_namespace: a', '1:21 dist_git_namespace ignored'],
    ['a spec file outside of the repository', 'specfile_path: ../a.spec', '1:16 specfile_path outside_repository'],
  ]
  for (const [name, text, warning] of cases) {
    test(name, () => {
      const told = accepted(text).warnings.map(({ line, column, path, kind }) => `${line}:${column} ${path} ${kind}`)
      assert.deepEqual(told, [warning])
    })
  }

  test('none for jobs that differ in trigger, branch, target or identifier', () => {
    const jobs = [
      '{job: tests, trigger: commit}',
      '{job: tests, trigger: release}',
      '{job: tests, trigger: commit, branch: a}',
      '{job: tests, trigger: commit, targets: [a]}',
      '{job: tests, trigger: commit, identifier: a}',
      '{job: tests, trigger: ignore}',
      '{job: tests, trigger: ignore}',
    ]
    assert.deepEqual(accepted(`jobs: [${jobs.join(', ')}]`).warnings, [])
  })
})

describe('views', () => {
  test('are one for each job and package, counted within the jobs of the package', () => {
    const text =
      'packages: {a: {}, b: {identifier: bee}}\njobs:\n  - {job: tests, trigger: commit, packages: [b]}\n  - {job: copr_build, trigger: commit | release}\n'
    const views = jobViews(accepted(text).config)
    assert.deepEqual(
      views.map(({ type, on, package: name, jobIndex, index, identifier }) => [
        type,
        on,
        name,
        jobIndex,
        index,
        identifier,
      ]),
      [
        ['tests', 'commit', 'b', 0, 0, 'bee'],
        ['copr_build', 'commit', 'a', 1, 0, 'a'],
        ['copr_build', 'commit', 'b', 1, 1, 'bee'],
        ['copr_build', 'release', 'a', 2, 1, 'a'],
        ['copr_build', 'release', 'b', 2, 2, 'bee'],
      ],
    )
  })
})

test('packages called like parts of JavaScript objects are packages like any other', () => {
  const text =
    'packages: {__proto__: {}, constructor: {}, toString: {}}\njobs: [{job: tests, trigger: commit, packages: [__proto__]}]\n'
  const { config } = accepted(text)
  assert.deepEqual(Object.keys(config.packages), ['__proto__', 'constructor', 'toString'])
  assert.deepEqual(
    jobViews(config).map((view) => view.package),
    ['__proto__'],
  )
  assert.deepEqual(errors('packages: {a: {}}\njobs: [{job: tests, trigger: commit, packages: [constructor]}]'), [
    '2:49 jobs[0].packages[0] undefined_package',
  ])
})

test('many jobs for many packages with long settings are refused before they are written out', () => {
  const packages = Array.from({ length: 1_000 }, (_, i) => `  p${i}: {}`).join('\n')
  const text = `packages:\n${packages}\njobs:\n${'- {job: tests, trigger: commit}\n'.repeat(1_000)}`
  const ms = cpuMs(() => assert.deepEqual(errors(text), ['2:3  yaml_limit']))
  assert.ok(ms < 2_000, `${ms} ms`)
})
