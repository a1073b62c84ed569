import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { distGitUrl } from '../src/domain/package-config/dist-git.ts'
import { type ReadConfig, readPackageConfig } from '../src/domain/package-config/read.ts'
import type { PackageConfig } from '../src/domain/package-config/types.ts'
import { jobViews } from '../src/domain/package-config/views.ts'
import { sourceNumber } from '../src/domain/spec-file/sources.ts'

interface Vector {
  name: string
  kind: string
  input: string
  valid: boolean
  expect: { error?: string; key?: string; packages?: unknown; jobs?: unknown; views?: unknown }
  context?: { repo_name: string | null; spec_files: string[] }
}

const vectors: Vector[] = JSON.parse(await readFile(new URL('./vectors/package-config.json', import.meta.url), 'utf8'))

/** Kinds that belong to carrying releases downstream, which comes later. The list may only shrink. */
const WAITING: Record<string, number> = {
  version_update_mask: 7,
  version_update_specifiers: 9,
  update_version: 5,
  prerelease_version: 16,
  distgit_release: 7,
  commit_message: 7,
  default_files_to_sync: 3,
  koji_targets: 2,
  dist_git_branches: 6,
  version_to_tag: 6,
}

/** Where we do better than the recorded behaviour: what comes of it here. Each has a row in docs/compatibility.md. */
const OURS: Record<string, { valid: boolean; expect: Vector['expect'] }> = {
  'targets-only-first-option-checked': refused('unknown_target_option', 'targets'),
  'spec-source-id-zero': accepted({ project: { spec_source_id: 'Source0', spec_source_id_number: 0 } }),
  'dist-git-branches-dict-value-string': accepted({}, [
    { packages: { project: { dist_git_branches: { rawhide: { fast_forward_merge_into: ['f40'] } } } } },
  ]),
  'distgit-base-url-without-namespace': accepted({
    libfoo: { dist_git_url: 'https://git.example.org/rpms/libfoo.git' },
  }),
  'version-update-mask-any-string': refused('bad_pattern', 'version_update_mask'),
  'mono-top-level-specfile-shadowed': accepted({ a: { specfile_path: 'fedora/top.spec' } }),
  'mono-top-level-names-shadowed': accepted({
    a: { downstream_package_name: 'top-name', upstream_package_name: 'top-upstream', specfile_path: 'a.spec' },
  }),
  'mono-top-level-specfile-not-inherited-error': accepted({ a: { specfile_path: 'top.spec' } }, [
    { type: 'copr_build' },
  ]),
  'mono-upstream-url-forced-on-packages': accepted({
    a: { upstream_project_url: 'https://example.org/own' },
    b: { upstream_project_url: 'https://example.org/top' },
  }),
  'follow-fedora-branching-documented-but-rejected': accepted({}, [
    { packages: { project: { follow_fedora_branching: true } } },
  ]),
  'dist-git-url-crashes': accepted({ project: { specfile_path: 'app.spec' } }, []),
  'prerelease-pattern-null-documented-but-rejected': accepted({ project: { prerelease_suffix_pattern: '' } }),
  'job-yaml-alias-repeated': accepted({}, [
    { type: 'tests', trigger: 'commit' },
    { type: 'tests', trigger: 'commit' },
  ]),
}

function refused(error: string, key: string): (typeof OURS)[string] {
  return { valid: false, expect: { error, key } }
}

function accepted(packages: object, jobs?: object[]): (typeof OURS)[string] {
  return { valid: true, expect: { packages, ...(jobs ? { jobs } : {}) } }
}

describe('a configuration is read as the existing service reads it', () => {
  const cases = vectors.filter(({ kind }) => kind === 'config')

  test('there are 235 cases', () => assert.equal(cases.length, 235))

  for (const vector of cases) {
    test(vector.name, () => {
      const { valid, expect } = OURS[vector.name] ?? vector
      const result = read(vector)
      assert.equal(result.ok, valid, result.ok ? 'it was accepted' : JSON.stringify(result.errors))
      if (result.ok) assertIncludes(describeConfig(result.config), expect, '')
      else assertHasError(result, expect)
    })
  }
})

test('a normalized configuration, read again, is the same', () => {
  const configs = vectors.filter(({ kind }) => kind === 'config').map(read)
  for (const result of configs) {
    if (!result.ok) continue
    const { packages } = result.config
    // where there is no spec file, one would now follow from the package's name
    if (Object.values(packages).some(({ specfile_path }) => specfile_path === null)) continue
    const again = readPackageConfig(JSON.stringify({ packages, jobs: [] }), { configPath: 'other', specFiles: [] })
    assert.ok(again.ok, again.ok ? '' : JSON.stringify(again.errors))
    assert.deepEqual(again.config.packages, packages)
  }
})

test('each case that differs on purpose has its row in the compatibility table, and the other way round', async () => {
  const text = await readFile(new URL('../../docs/compatibility.md', import.meta.url), 'utf8')
  const section = text.split(/^## /m).find((part) => part.startsWith('Package configuration\n')) ?? ''
  const named = [...section.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((match) => match[1])
  assert.deepEqual(named.sort(), Object.keys(OURS).sort())
  for (const name of Object.keys(OURS))
    assert.ok(vectors.some((vector) => vector.name === name && vector.kind === 'config'))
})

test('68 cases wait for the code that carries releases downstream; a kind leaves the list when its code is there', () => {
  for (const [kind, count] of Object.entries(WAITING)) {
    assert.equal(vectors.filter((vector) => vector.kind === kind).length, count, kind)
  }
  const waiting = Object.values(WAITING).reduce((sum, count) => sum + count, 0)
  assert.ok(waiting <= 68)
  assert.equal(waiting, 68)
  assert.equal(vectors.length - waiting, 433)
})

function read({ input, context }: Vector): ReadConfig {
  const { repo_name: repoName, spec_files: specFiles } = context ?? { repo_name: null, spec_files: [] }
  return readPackageConfig(input, { ...(repoName ? { repoName } : {}), specFiles, configPath: '.packit.yaml' })
}

/** A configuration in the words of the cases, with what they tell besides. */
function describeConfig(config: PackageConfig): object {
  const packages = Object.entries(config.packages).map(([name, options]) => {
    const more = { dist_git_url: distGitUrl(options), spec_source_id_number: sourceNumber(options.spec_source_id) }
    return [name, { ...options, ...more }]
  })
  return {
    packages: Object.fromEntries(packages),
    jobs: config.jobs.map(({ on, ...job }) => ({ ...job, trigger: on })),
    views: jobViews(config).map(({ type, on, package: name, identifier }) => ({
      type,
      trigger: on,
      package: name,
      identifier,
    })),
  }
}

function assertHasError(result: ReadConfig & { ok: false }, { error, key }: Vector['expect']): void {
  const told = result.errors.map((problem) => `${problem.kind} ${problem.key}`)
  const isTold = result.errors.some((problem) => problem.kind === error && (key === undefined || problem.key === key))
  assert.ok(isTold, `expected ${error} ${key ?? ''} among ${told.join(', ')}`)
}

const WHOLE = new Set(['targets', 'dist_git_branches', 'env', 'actions', 'labels', 'sources', 'parse_time_macros'])

/** All that is expected is there: listed keys are equal, others are free. */
function assertIncludes(got: unknown, want: unknown, path: string): void {
  const key = path.slice(path.lastIndexOf('.') + 1)
  if (typeof want !== 'object' || want === null || WHOLE.has(key)) {
    assert.deepEqual(got, want, path)
    return
  }
  assert.ok(typeof got === 'object' && got !== null, `${path} is missing`)
  if (Array.isArray(want)) assert.equal((got as unknown[]).length, want.length, path)
  for (const [part, value] of Object.entries(want))
    assertIncludes((got as Record<string, unknown>)[part], value, `${path}.${part}`)
}
