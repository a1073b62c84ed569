import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { parseMakeSrpmProgress, parseMakeSrpmResult } from '../src/domain/srpm/step.ts'
import { createFixture, diffLines, gitAfter, listSrpm, runMakeSrpm, SPEC, specAfter } from './srpm-fixture.ts'

const exec = promisify(execFile)

const INITIAL = { message: 'Initial', files: { 'hello.spec': SPEC }, tags: ['0.1.0'] }
const OPTIONS = { specfile_path: 'hello.spec', upstream_package_name: 'hello', downstream_package_name: 'hello' }

function withActions(actions: object) {
  return { ...OPTIONS, actions }
}

describe('making an SRPM', { concurrency: 3 }, () => {
  test('the same input makes the same bytes, the merge included', async () => {
    await using fixture = await createFixture([
      INITIAL,
      { message: 'On main', files: { base: 'x' } },
      { message: 'A change', files: { head: 'y' }, branch: 'topic', after: 'Initial' },
    ])
    const input = {
      event: 'pull_request' as const,
      headSha: fixture.commits['A change'] ?? '',
      baseSha: fixture.commits['On main'] ?? '',
      baseRef: 'main',
      branch: 'pr/3',
      merge: true,
    }
    const first = await runMakeSrpm(fixture, input)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const second = await runMakeSrpm(fixture, input)

    assert.deepEqual(second.result, first.result)
    assert.equal(await specAfter(second), await specAfter(first))
    assert.ok(first.srpm && second.srpm)
    assert.deepEqual(await readFile(second.srpm), await readFile(first.srpm))
  })

  test('the result says what was packaged and what it needs, in a shape that can be checked', async () => {
    await using fixture = await createFixture([INITIAL])
    const headSha = fixture.commits.Initial ?? ''
    const { result, steps } = await runMakeSrpm(fixture, { headSha, event: 'release', tag: '0.1.0', branch: null })
    assert.deepEqual(result, {
      ok: true,
      srpm: {
        file: 'hello-0.1.0-1.src.rpm',
        nvr: 'hello-0.1.0-1',
        name: 'hello',
        epoch: 0,
        version: '0.1.0',
        release: '1',
      },
      spec: 'hello.spec',
      buildRequires: ['gcc >= 4'],
      commit: headSha,
    })
    assert.deepEqual(parseMakeSrpmResult(JSON.parse(JSON.stringify(result))), result)
    assert.deepEqual(steps.at(-1), 'rpmbuild')
    for (const step of steps) assert.deepEqual(parseMakeSrpmProgress({ step }), { step })
  })

  test('a mirror without branches and tags will do: the commits are enough', async () => {
    await using fixture = await createFixture([{ ...INITIAL, tags: [] }])
    const headSha = fixture.commits.Initial ?? ''
    await exec('git', ['-C', fixture.mirror, 'update-ref', `refs/packit/commits/${headSha}`, headSha])
    await exec('git', ['-C', fixture.mirror, 'update-ref', '-d', 'refs/heads/main'])
    const { result, log } = await runMakeSrpm(fixture, { headSha, mergedRef: headSha })
    assert.ok(result.ok, log)
    assert.equal(result.srpm.nvr, 'hello-0.1.0-1.20240102030405123456.main')
  })

  test('a conflict names the files', async () => {
    await using fixture = await createFixture([
      { ...INITIAL, files: { 'hello.spec': SPEC, 'a b.c': '1', 'd.c': '1' } },
      { message: 'On main', files: { 'a b.c': '2', 'd.c': '2' } },
      { message: 'A change', files: { 'a b.c': '3', 'd.c': '3' }, branch: 'topic', after: 'Initial' },
    ])
    const { result } = await runMakeSrpm(fixture, {
      event: 'pull_request',
      headSha: fixture.commits['A change'] ?? '',
      baseSha: fixture.commits['On main'] ?? '',
      baseRef: 'main',
      branch: 'pr/3',
      merge: true,
    })
    assert.ok(!result.ok && result.kind === 'merge-conflict')
    assert.deepEqual(result.files, ['a b.c', 'd.c'])
    assert.match(result.message, /conflicts with main in a b\.c, d\.c/)
  })

  test('a commit that is gone is named', async () => {
    await using fixture = await createFixture([INITIAL])
    const { result } = await runMakeSrpm(fixture, { headSha: 'ab'.repeat(20) })
    assert.ok(!result.ok && result.kind === 'missing-commit')
    assert.match(result.message, /abababab/)
  })

  test('a spec file that is missing is named with the ref', async () => {
    await using fixture = await createFixture([INITIAL])
    const options = { ...OPTIONS, specfile_path: 'other.spec' }
    const { result } = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options })
    assert.ok(!result.ok && result.kind === 'spec-missing')
    assert.match(result.message, /^Specfile other\.spec not found on ref main\./)
  })

  const escapes: [string, object][] = [
    ['specfile_path', { specfile_path: '../hello.spec' }],
    ['specfile_path', { specfile_path: '/etc/hello.spec' }],
    ['paths', { paths: ['a/../..'] }],
    ['sources', { sources: [{ path: '../x', url: 'https://example.org/x' }] }],
    ['upstream_package_name', { upstream_package_name: '../../x' }],
  ]
  for (const [key, setting] of escapes) {
    test(`a path that leads out of the repository is refused: ${JSON.stringify(setting)}`, async () => {
      await using fixture = await createFixture([INITIAL])
      const options = { ...OPTIONS, ...setting }
      const { result } = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options })
      assert.ok(!result.ok && result.kind === 'config')
      assert.match(result.message, new RegExp(`^${key}: .* leads out of the repository`))
    })
  }

  test('an action that fails tells which command, and the log has what it printed', async () => {
    await using fixture = await createFixture([INITIAL])
    const options = withActions({ 'post-upstream-clone': ['echo one', ['sh', '-c', 'echo "it broke"; exit 3']] })
    const { result, log } = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options })
    assert.deepEqual(result, {
      ok: false,
      kind: 'action-failed',
      message: `Action post-upstream-clone: command sh -c 'echo "it broke"; exit 3' failed: it ended with code 3.`,
      action: 'post-upstream-clone',
    })
    assert.match(log, /==> Action post-upstream-clone: echo one\none\n==> Action .*\nit broke\nerror: /)
  })

  const lacking: [string, object][] = [
    ['program no-such-program', withActions({ 'create-archive': 'no-such-program --x' })],
    ['program no-such-tool', withActions({ 'create-archive': [['bash', '-c', 'echo x | no-such-tool']] })],
    ['macro %forgemeta', OPTIONS],
  ]
  for (const [lacks, options] of lacking) {
    test(`what this machine lacks is told apart from a mistake: ${lacks}`, async () => {
      const spec = lacks.startsWith('macro') ? SPEC.replace('Summary:', '%forgemeta\nSummary:') : SPEC
      await using fixture = await createFixture([{ ...INITIAL, files: { 'hello.spec': spec } }])
      const { result } = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options })
      assert.ok(!result.ok)
      assert.equal(result.lacks, lacks)
      assert.deepEqual(parseMakeSrpmResult(JSON.parse(JSON.stringify(result))), result)
    })
  }

  test('a spec file in the manner of a large project is read as rpm reads it', async () => {
    const spec = SPEC.replace(
      'Name:  ',
      [
        '%if %{defined nope}',
        `%define gobuild(o:) go build -tags="x \${TAGS:-}" -ldflags "0x$(od -An -tx1 | tr -d ' \\\\n') %{?flags}" %{?**};`,
        '%endif',
        '%bcond docs 1',
        '%global multi %{expand: \\',
        'Version: 99 \\',
        '}',
        '%if %{defined nope}',
        'Epoch: 102',
        '%else',
        'Epoch: 5',
        '%endif',
        '#define license',
        '%{!?_licensedir:%global license %doc}',
        'Name:  ',
      ].join('\n'),
    )
      .replace('%autosetup -n %{name}-%{version}', '%if %{with docs}\n%autosetup -Sgit -n x\n%else\n%setup -q\n%endif')
      .replace('%install\n', '%install\nmake install \\\n%if %{with docs}\n  docs\n%endif\n')
    await using fixture = await createFixture([{ ...INITIAL, files: { 'hello.spec': spec } }])
    const outcome = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '' })
    assert.ok(outcome.result.ok, outcome.log)
    assert.equal(outcome.result.srpm.epoch, 5)
    const { added } = await diffLines(fixture.folder, spec, await specAfter(outcome))
    assert.equal(added[2], '%autosetup -Sgit -n hello-0.1.0')
    assert.match(added[3] ?? '', /> - 5:0\.1\.0-1\.2024/)
  })

  test('a spec file keeps its line ends and bytes that are no UTF-8', async () => {
    const spec = `# \u00e9 \u00ff\n${SPEC.trimEnd()}`.replaceAll('\n', '\r\n')
    await using fixture = await createFixture([
      { ...INITIAL, files: { 'hello.spec': Buffer.from(spec, 'latin1') } },
      { message: 'More', files: { a: '1' } },
    ])
    const outcome = await runMakeSrpm(fixture, { headSha: fixture.commits.More ?? '' })
    const { removed, added } = await diffLines(fixture.folder, spec, await specAfter(outcome))
    assert.deepEqual(
      removed.map((line) => line.split(':')[0]),
      ['Release', 'Source0', '%autosetup -n %{name}-%{version}\r'],
    )
    assert.ok(added.every((line) => line.endsWith('\r')))
  })

  test('the branch of a condition that is taken is the one edited', async () => {
    const spec = SPEC.replace(
      'Release:        1%{?dist}',
      '%if 0%{?nope}\nRelease: 5\n%else\nRelease: 3%{?dist}\n%endif',
    )
      .replace('Version: ', '%if 0%{?nope}\nVersion: 9\n%else\nVersion: ')
      .replace('Release: 5', '%endif\nRelease: 5')
      .replace('%if 0%{?nope}\n%endif\nRelease: 5', '%endif\n%if 0%{?nope}\nRelease: 5')
    await using fixture = await createFixture([{ ...INITIAL, files: { 'hello.spec': spec }, tags: ['2.0'] }])
    const outcome = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '' })
    assert.ok(outcome.result.ok, outcome.log)
    const after = await specAfter(outcome)
    assert.match(after, /Version: 9\n%else\nVersion: {8}2\.0\n/)
    assert.match(after, /Release: 5\n%else\nRelease: 3\.2024\d+\.main\.0\.g\w{7}%\{\?dist\}\n/)
  })

  test('remote sources are asked from the host, once each, by the name of the address', async () => {
    const spec = SPEC.replace(
      'BuildArch',
      'Source1: https://example.org/%{name}.txt\nSource2: https://example.org/get?id=3#/data.txt\n' +
        '%if 0\nSource3: https://example.org/never\n%endif\nPatch1: https://example.org/fix.patch\nBuildArch',
    )
    await using fixture = await createFixture([{ ...INITIAL, files: { 'hello.spec': spec } }])
    const files = {
      'https://example.org/extra': 'e',
      'https://example.org/hello.txt': 'x',
      'https://example.org/get?id=3': 'y',
      'https://example.org/fix.patch': 'z',
    }
    const options = { ...OPTIONS, sources: [{ path: 'extra.bin', url: 'https://example.org/extra' }] }
    const outcome = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options }, files)
    assert.ok(outcome.result.ok, outcome.log)
    assert.deepEqual(outcome.fetched, Object.keys(files))
    const expected = ['data.txt', 'fix.patch', 'hello-0.1.0.tar.gz', 'hello.spec', 'hello.txt']
    assert.deepEqual(await listSrpm(outcome.srpm ?? ''), expected)
  })

  test('a spec file that reads a source not downloaded yet, or uses macros of Fedora, is understood', async () => {
    const spec = SPEC.replace('Source0:', 'Source1: https://example.org/more.inc\n%include %{SOURCE1}\nSource0:')
      .replace('Release:        1%{?dist}', 'Release:        %autorelease -b 4')
      .replace(/%changelog[\s\S]*/, '%changelog\n%autochangelog\n')
    await using fixture = await createFixture([{ ...INITIAL, files: { 'hello.spec': spec } }])
    const options = { ...OPTIONS, parse_time_macros: { made_up: 'x', gone: null } }
    const files = { 'https://example.org/more.inc': '# nothing\n' }
    const outcome = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options }, files)
    assert.ok(outcome.result.ok, outcome.log)
    assert.match(outcome.result.srpm.nvr, /^hello-0\.1\.0-1\.2024\d+\.main\.0\.g/)
  })

  test('a spec file that rpm refuses is explained with its own line', async () => {
    const spec = SPEC.replace('Summary:', '%if\nSummary:')
    await using fixture = await createFixture([{ ...INITIAL, files: { 'hello.spec': spec } }])
    const { result } = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '' })
    assert.ok(!result.ok && result.kind === 'rpmbuild')
    assert.match(result.message, /^rpm can't parse hello\.spec:\nerror: line 4: /)
  })

  test('a version that rpm would refuse is an error of its own', async () => {
    await using fixture = await createFixture([INITIAL])
    const options = withActions({ 'get-current-version': ['printf "warning: x\\n1.0"'] })
    const { result } = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options })
    assert.ok(!result.ok && result.kind === 'version')
    assert.match(result.message, /can't be the version of a package: it contains " "/)
  })

  test('a pattern that never ends is stopped', async () => {
    await using fixture = await createFixture([{ ...INITIAL, tags: [`${'a'.repeat(60)}!`] }])
    const options = { ...OPTIONS, upstream_tag_include: '(a+)+$' }
    const { result } = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options })
    assert.ok(!result.ok && result.kind === 'version')
    assert.match(result.message, /takes more than 100 ms/)
  })

  test('only tags that the merged ref contains count, and a release has the version of its own tag', async () => {
    await using fixture = await createFixture([
      { ...INITIAL, tags: ['1.0', '1.0.post'] },
      { message: 'Later', files: { a: '1' }, tags: ['2.0'] },
      { message: 'Maintenance', files: { b: '1' }, branch: 'stable', after: 'Initial', tags: ['1.1'] },
    ])
    const headSha = fixture.commits.Later ?? ''
    const versionOf = async (input: object) => {
      const { result, log } = await runMakeSrpm(fixture, { headSha, ...input })
      assert.ok(result.ok, log)
      return result.srpm.version
    }
    assert.equal(await versionOf({}), '1.1')
    assert.equal(await versionOf({ mergedRef: headSha }), '2.0')
    assert.equal(await versionOf({ event: 'release', tag: '1.0', branch: null, mergedRef: '1.0' }), '1.0')
  })

  test('actions share a home, no terminal, and see the work tree; what git they configure stays there', async () => {
    await using fixture = await createFixture([INITIAL])
    const script = 'git config --global user.name Me; test "$PACKIT_UPSTREAM_REPO" = "$PWD"; git branch --show-current'
    const options = withActions({ 'post-upstream-clone': [['sh', '-ec', script]] })
    const outcome = await runMakeSrpm(fixture, { headSha: fixture.commits.Initial ?? '', options })
    assert.ok(outcome.result.ok, outcome.log)
    assert.match(outcome.log, /\nmain\n/)
    assert.match(await readFile(path.join(outcome.work, 'home/.gitconfig'), 'utf8'), /name = Me/)
  })

  test('a source-git history with merges, YAML metadata and a pattern for upstream makes patches in a line', async () => {
    const distro = { '.distro/hello.spec': SPEC, '.distro/hello-0.1.0.tar.gz': 'a' }
    await using fixture = await createFixture([
      { message: 'Upstream', files: { 'a.c': '1', 'b.c': '1' }, tags: ['v0.1.0'] },
      { message: 'Add distro', files: distro },
      {
        message: 'Fix a\n\npatch_name: a.patch\npatch_id: 5\ndescription: |-\n  first\n  second\n',
        files: { 'a.c': '2' },
      },
      { message: 'More of a\n\npatch_name: a.patch\nsquash_commits: true\n', files: { 'a.c': '3' } },
      { message: 'Fix b', files: { 'b.c': '2' }, branch: 'side', after: 'Add distro' },
      { message: 'Skipped\n\nIgnore-patch: true\n', files: { 'b.c': '9' }, branch: 'side' },
    ])
    const git = (...args: string[]) => exec('git', ['-C', fixture.mirror, ...args], { env: { ...process.env, ...WHO } })
    const { stdout: tree } = await git('merge-tree', '--write-tree', 'main', 'side')
    const { stdout: merge } = await git('commit-tree', tree.trim(), '-p', 'main', '-p', 'side', '-m', 'Merge side')
    const options = {
      ...OPTIONS,
      specfile_path: '.distro/hello.spec',
      upstream_ref: 'v0.*',
      patch_generation_ignore_paths: ['.distro'],
    }
    const outcome = await runMakeSrpm(fixture, { headSha: merge.trim(), options })
    assert.ok(outcome.result.ok, outcome.log)
    const { added } = await diffLines(fixture.folder, SPEC, await specAfter(outcome, '.distro/hello.spec'))
    assert.deepEqual(
      added.filter((line) => /^(#|Patch)/.test(line)).sort(),
      [
        ...['# first', '# second', '# Author: Dev One <dev@example.org>', '# Fix b'],
        ...['Patch0005:      a.patch', 'Patch0006:      0003-Fix-b.patch'],
      ].sort(),
    )
    assert.equal(await gitAfter(outcome, 'branch', '--show-current'), 'main')
  })
})

for (const upstreamRef of ['upstream-1', 'origin/upstream-1', 'heads/upstream-1', 'branches/upstream-*']) {
  test(`a mirror without branches does for upstream_ref ${upstreamRef}, since they come with the input`, async () => {
    await using fixture = await createFixture([
      { message: 'Upstream', files: { 'a.c': '1' } },
      { message: 'Add distro', files: { '.distro/hello.spec': SPEC, '.distro/hello-0.1.0.tar.gz': 'a' } },
      { message: 'Fix a', files: { 'a.c': '2' } },
    ])
    const { Upstream: sha = '', 'Fix a': headSha = '' } = fixture.commits
    const git = (...args: string[]) => exec('git', ['-C', fixture.mirror, ...args])
    await git('update-ref', '-d', 'refs/heads/main')
    await git('update-ref', `refs/packit/commits/${headSha}`, headSha)
    const options = {
      ...OPTIONS,
      specfile_path: '.distro/hello.spec',
      upstream_ref: upstreamRef,
      patch_generation_ignore_paths: ['.distro'],
    }
    const outcome = await runMakeSrpm(fixture, { headSha, options, upstream: [{ name: 'upstream-1', sha }] })
    assert.ok(outcome.result.ok, outcome.log)
    const { added } = await diffLines(fixture.folder, SPEC, await specAfter(outcome, '.distro/hello.spec'))
    assert.deepEqual(
      added.filter((line) => line.startsWith('Patch')),
      ['Patch0001:      0001-Fix-a.patch'],
    )
  })
}

const WHO = {
  GIT_AUTHOR_NAME: 'Dev One',
  GIT_AUTHOR_EMAIL: 'dev@example.org',
  GIT_COMMITTER_NAME: 'Dev One',
  GIT_COMMITTER_EMAIL: 'dev@example.org',
}

test('a result of another shape is not taken: it comes from hostile ground', () => {
  const good = {
    ok: true,
    srpm: { file: 'a-1-1.src.rpm', nvr: '../x', name: 'a', epoch: 0, version: '1', release: '1' },
    spec: 'a.spec',
    buildRequires: [],
    commit: 'a'.repeat(40),
  }
  const parsed = parseMakeSrpmResult(good)
  assert.ok(parsed?.ok && parsed.srpm.nvr === 'a-1-1')
  const bad = [
    ...[null, 'x', [], {}, { ok: false, kind: 'other', message: 'm' }, { ok: false, kind: 'config' }],
    { ...good, srpm: { ...good.srpm, file: '../a.src.rpm' } },
    { ...good, srpm: { ...good.srpm, name: 'a b' } },
    { ...good, srpm: { ...good.srpm, epoch: -1 } },
    { ...good, commit: 'HEAD' },
    { ...good, buildRequires: [1] },
  ]
  for (const output of bad) assert.equal(parseMakeSrpmResult(output), undefined)
})
