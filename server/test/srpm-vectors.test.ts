import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { findAutoMacros } from '../src/domain/spec-file/auto-macros.ts'
import { sanitizeChangelog } from '../src/domain/spec-file/changelog.ts'
import { actionCommands } from '../src/domain/srpm/actions.ts'
import { archiveRootDir, findArchive } from '../src/domain/srpm/archive.ts'
import { makeRelease } from '../src/domain/srpm/release.ts'
import type { MakeSrpmInput, SrpmFailure } from '../src/domain/srpm/step.ts'
import { currentVersion, tagToVersion } from '../src/domain/srpm/tags.ts'
import { compareVersions, sanitizeBranch, sanitizeVersion } from '../src/domain/srpm/version.ts'
import {
  createFixture,
  createShellSpy,
  diffLines,
  type Fixture,
  type FixtureCommit,
  gitAfter,
  listSrpm,
  type Outcome,
  runMakeSrpm,
  SPEC,
  specAfter,
  TIMESTAMP,
} from './srpm-fixture.ts'

const exec = promisify(execFile)

interface Vector {
  name: string
  kind: string
  input: string
  valid: boolean
  expect: Record<string, unknown>
}

const vectors: Vector[] = JSON.parse(await readFile(new URL('./vectors/package-config.json', import.meta.url), 'utf8'))

/** Where we do better than the recorded behaviour; each has a row in docs/compatibility.md. */
const OURS: Record<string, Record<string, unknown>> = {
  'archive-root-dot-slash-entries': { root: 'proj' },
  'release-default-minor-bump-doubles-dist': {
    spec_version: '1.5.0',
    spec_release: '2.20240102030405123456.main.24.g8b618e9%{?dist}',
  },
  'release-suffix-template-explicit-dist-doubled': {
    spec_version: '1.5.0',
    spec_release: '1.20240102030405123456.main.24.g8b618e9%{?dist}',
  },
  'source-git-no-update-release': { srpm: 'hello-0.1.0-1.src.rpm', releaseUnchanged: true },
  'srpm-action-environments': { runsOnce: 'get-current-version' },
}

function ofKind(kind: string): Vector[] {
  return vectors.filter((vector) => vector.kind === kind)
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of an input depends on its kind
function readInput(vector: Vector): any {
  return parse(vector.input, { version: '1.1' })
}

test('each deliberate difference has its row in the compatibility table', async () => {
  const text = await readFile(new URL('../../docs/compatibility.md', import.meta.url), 'utf8')
  const section = /^## SRPM\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text)?.[1] ?? ''
  const named = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1])
  const known = new Set(vectors.map((vector) => vector.name))
  assert.deepEqual(named.filter((name) => name && known.has(name)).sort(), Object.keys(OURS).sort())
})

/** Runs all cases of a kind against a pure function that gives the recorded answer's shape or throws. */
function checkPure(kind: string, count: number, answer: (input: ReturnType<typeof readInput>) => unknown): void {
  describe(kind, () => {
    const cases = ofKind(kind)
    test(`there are ${count} cases`, () => assert.equal(cases.length, count))
    for (const vector of cases) {
      test(vector.name, () => {
        if (vector.valid) assert.deepEqual(answer(readInput(vector)), OURS[vector.name] ?? vector.expect)
        else assert.throws(() => answer(readInput(vector)), /\w{3}/)
      })
    }
  })
}

checkPure('tag_to_version', 17, (i) => ({ version: tagToVersion(i.tag, i.upstream_tag_template) }))
checkPure('sanitize_version', 10, (i) => ({ value: sanitizeVersion(String(i.value)) }))
checkPure('sanitize_branch', 5, (i) => ({ value: sanitizeBranch(i.value) }))
checkPure('compare_versions', 9, (i) => ({ sign: compareVersions(i.a, i.b) }))
checkPure('changelog_sanitize', 9, (i) => ({ text: sanitizeChangelog(i.text) }))
checkPure('auto_macros', 9, (i) => findAutoMacros(i.release, i.changelog))
checkPure('action_commands', 10, (i) => ({ commands: actionCommands(i.value) }))
checkPure('current_version', 11, (i) => ({
  version: currentVersion({
    ...i,
    actionOutputs: i.action_outputs,
    tagsNewestFirst: i.tags_newest_first,
    specVersion: i.spec_version,
  }),
}))
checkPure('archive_root_dir', 10, (i) => ({
  root: archiveRootDir(i.tar_entries, i.archive_root_dir_template, {
    upstream_pkg_name: i.upstream_package_name,
    version: i.version,
  }),
}))
checkPure('archive_output', 8, (i) => {
  const archive = findArchive(i.command_outputs, (file) => i.existing_files.includes(file))
  assert.ok(archive, 'no archive found')
  return { archive }
})

describe('release_string', () => {
  test('there are 32 cases', () => assert.equal(ofKind('release_string').length, 32))
  for (const vector of ofKind('release_string')) {
    test(vector.name, async () => {
      const i = readInput(vector)
      const { stdout } = await exec('rpm', ['--define', 'dist %{nil}', '--eval', i.spec_release])
      const answer = () =>
        makeRelease({
          rawRelease: i.spec_release,
          expandedRelease: stdout.trim(),
          releaseSuffix: i.release_suffix,
          versionSuffix: i.version_suffix,
          updateRelease: i.update_release,
          version: i.current_version,
          variables: { PACKIT_PROJECT_COMMIT: i.commit, PACKIT_PROJECT_ARCHIVE: 'a.tar.gz' },
          snapshot: { timestamp: i.timestamp, branch: i.branch, describe: i.git_describe },
        })
      if (!vector.valid) return assert.throws(answer, /unknown placeholder/)
      const { version, release } = answer()
      assert.deepEqual({ spec_version: version, spec_release: release }, OURS[vector.name] ?? vector.expect)
    })
  }
})

/** Kinds of failures by the names the cases give them. */
const FAILURES: Record<string, SrpmFailure> = {
  tag_template_mismatch: 'version',
  source_not_found: 'config',
  download_failed: 'source-download',
  rpmbuild_failed: 'rpmbuild',
  specfile_missing: 'spec-missing',
  no_archive_path: 'archive',
  no_action_output: 'archive',
  action_failed: 'action-failed',
  wrong_type: 'config',
  merge_conflict: 'merge-conflict',
  no_target_branch: 'missing-commit',
}

/** The placeholders of the cases in a text of ours, filled with what this run must have put there. */
function fillIn(text: string, sha: string): string {
  return text
    .replaceAll('<TS>', TIMESTAMP)
    .replaceAll('<SHA7>', sha.slice(0, 7))
    .replaceAll('<SHA8>', sha.slice(0, 8))
    .replaceAll('<DATE>', 'Tue Jan 02 2024')
}

async function checkSrpm(
  fixture: Fixture,
  outcome: Outcome,
  expect: Record<string, unknown>,
  spec: { path: string; before: string },
): Promise<void> {
  assert.ok(outcome.result.ok, outcome.log)
  const sha = outcome.result.commit
  const fill = (lines: unknown) => (lines as string[]).map((line) => fillIn(line, sha))
  assert.equal(outcome.result.srpm.file, fillIn(String(expect.srpm), sha))
  assert.deepEqual(await listSrpm(outcome.srpm ?? ''), expect.srpm_files)
  const { removed, added } = await diffLines(fixture.folder, spec.before, await specAfter(outcome, spec.path))
  assert.deepEqual(removed, fill(expect.spec_removed))
  assert.deepEqual(added, fill(expect.spec_added))
  assert.deepEqual(outcome.fetched, [])
}

function checkFailure(outcome: Outcome, expect: Record<string, unknown>): void {
  assert.ok(!outcome.result.ok, 'an SRPM was made')
  assert.equal(outcome.result.kind, FAILURES[String(expect.error)], outcome.result.message)
}

describe('srpm_flow', { concurrency: 3 }, () => {
  const usualPath = process.env.PATH
  let spy: Awaited<ReturnType<typeof createShellSpy>>
  before(async () => {
    spy = await createShellSpy()
    process.env.PATH = `${spy.folder}:${usualPath}`
  })
  after(async () => {
    process.env.PATH = usualPath
    await spy[Symbol.asyncDispose]()
  })
  test('there are 47 cases', () => assert.equal(ofKind('srpm_flow').length, 47))
  for (const vector of ofKind('srpm_flow')) test(vector.name, () => checkFlow(vector))
})

async function checkFlow(vector: Vector): Promise<void> {
  const i = readInput(vector)
  const first: FixtureCommit = {
    message: 'Initial',
    files: { [i.spec_path]: i.spec, ...mapValues(i.other_files, String) },
    tags: i.tags_on_first_commit,
    branch: i.branch,
  }
  const later = i.commits_after_tag.map((message: string) => ({ message, files: { note: message }, branch: i.branch }))
  await using fixture = await createFixture([first, ...later])
  const [name, options] = readPackage(i.config)
  const outcome = await runMakeSrpm(fixture, {
    package: name,
    options,
    branch: i.branch,
    headSha: Object.values(fixture.commits).at(-1) ?? '',
    updateRelease: i.options.update_release ?? null,
  })
  if (!vector.valid) return checkFailure(outcome, vector.expect)
  await checkSrpm(fixture, outcome, vector.expect, { path: i.spec_path, before: i.spec })
  if (vector.expect.action_env) await checkVariables(vector, outcome)
}

/** Key and settings of the one package of a configuration, with the settings of its top level. */
function readPackage(config: string): [string, object] {
  const { packages, jobs, ...common } = parse(config, { version: '1.1' })
  const [name = 'hello', own = {}] = Object.entries<object>(packages ?? {})[0] ?? []
  return [name, { ...common, ...own }]
}

function mapValues<A, B>(values: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]))
}

async function checkVariables(vector: Vector, outcome: Outcome): Promise<void> {
  type Call = { action: string; variables: string[] }
  const text = await readFile(path.join(outcome.work, 'home/actions'), 'utf8')
  const calls = text
    .trim()
    .split('\n')
    .map((line) => ({
      action: /^: ([\w-]+)/.exec(line)?.[1] ?? '',
      variables: line.match(/PACKIT_\w+/g) ?? [],
    }))
  const runsOnce = OURS[vector.name]?.runsOnce
  const expected = (vector.expect.action_env as Call[]).filter(
    (call, index, all) => call.action !== runsOnce || all.findIndex((other) => other.action === runsOnce) === index,
  )
  assert.deepEqual(calls, expected)
}

describe('pr_checkout', { concurrency: 3 }, () => {
  test('there are 5 cases', () => assert.equal(ofKind('pr_checkout').length, 5))
  for (const vector of ofKind('pr_checkout')) test(vector.name, () => checkPullRequest(vector))
})

async function checkPullRequest(vector: Vector): Promise<void> {
  const i = readInput(vector)
  const onBase = i.base_commits_after_tag.map((message: string) => ({ message, files: { base: message } }))
  const onHead = i.pr_commits.map((message: string, index: number) => ({
    message,
    files: { [i.same_file_changed_differently ? 'base' : 'head']: message },
    branch: 'topic',
    ...(index === 0 && { after: i.pr_branches_off_after }),
  }))
  await using fixture = await createFixture([
    { message: 'Initial', files: { 'hello.spec': SPEC }, tags: [i.tag] },
    ...onBase,
    ...onHead,
  ])
  const input: Partial<MakeSrpmInput> & { headSha: string } = {
    event: 'pull_request',
    headSha: fixture.commits[i.pr_commits.at(-1)] ?? '',
    baseSha: i.target_branch && (fixture.commits[i.base_commits_after_tag.at(-1)] ?? ''),
    baseRef: i.target_branch,
    branch: `pr/${i.pr_id}`,
    merge: i.merge_pr,
  }
  const outcome = await runMakeSrpm(fixture, input)
  if (!vector.valid) return checkFailure(outcome, vector.expect)
  assert.ok(outcome.result.ok, outcome.log)
  assert.equal(await gitAfter(outcome, 'branch', '--show-current'), vector.expect.branch)
  assert.deepEqual(sorted(await gitAfter(outcome, 'log', '--format=%s')), sorted(vector.expect.history))
  assert.equal(outcome.result.srpm.file, fillIn(String(vector.expect.srpm), outcome.result.commit))
  const { added } = await diffLines(fixture.folder, SPEC, await specAfter(outcome))
  assert.deepEqual(sorted(added.filter((line) => line.startsWith('- '))), sorted(vector.expect.changelog_lines))
}

/** The cases say that commits of the same second may come in another order. */
function sorted(lines: unknown): string[] {
  return (typeof lines === 'string' ? lines.split('\n') : [...(lines as string[])]).sort()
}

describe('source_git_flow', { concurrency: 3 }, () => {
  test('there are 3 cases', () => assert.equal(ofKind('source_git_flow').length, 3))
  for (const vector of ofKind('source_git_flow')) test(vector.name, () => checkSourceGit(vector))
})

async function checkSourceGit(vector: Vector): Promise<void> {
  const i = readInput(vector)
  const distro = { [i.spec_path]: i.spec, '.distro/hello-0.1.0.tar.gz': 'archive' }
  await using fixture = await createFixture([
    { message: i.upstream_tag_commit, files: { 'main.c': 'int main;' }, tags: ['0.1.0'] },
    ...i.commits_after.map((text: string) => {
      const [, subject = '', , trailer] = /^(.*?)( \[trailer (.*)\])?$/.exec(text) ?? []
      const files = subject.startsWith('Add distro') ? distro : { 'main.c': subject }
      return { message: trailer ? `${subject}\n\n${trailer}\n` : subject, files }
    }),
  ])
  const [name, options] = readPackage(i.config)
  const outcome = await runMakeSrpm(fixture, {
    package: name,
    options,
    headSha: Object.values(fixture.commits).at(-1) ?? '',
    updateRelease: i.options.update_release ?? null,
  })
  const ours = OURS[vector.name]
  const isRelease = (line: string) => line.startsWith('Release:')
  const without = (key: string) => (vector.expect[key] as string[]).filter((line) => !ours || !isRelease(line))
  const expect = {
    ...vector.expect,
    ...ours,
    spec_removed: without('spec_removed'),
    spec_added: without('spec_added'),
  }
  await checkSrpm(fixture, outcome, expect, { path: i.spec_path, before: i.spec })
}
