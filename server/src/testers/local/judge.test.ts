import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Examination, parseExamination } from './inside/examine-result.ts'
import { readRpmTest } from './inside/rpm-test.ts'
import { judge } from './judge.ts'
import { readRpmlint } from './rpmlint.ts'

const CLEAN = ' 1 packages and 0 specfiles checked; 0 errors, 0 warnings, 0 badness; has taken 0.1 s \n'
const HELLO = { file: 'hello-1.0-1.noarch.rpm', nevra: 'hello-1.0-1.noarch', nvra: 'hello-1.0-1.noarch' }
const GOOD: Examination = {
  packages: [HELLO],
  rpmlint: { exitCode: 0, output: CLEAN },
  missing: [],
  conflicts: [],
  install: { exitCode: 0, output: 'Complete!\n' },
  installed: [HELLO.nvra],
}
const first = (examination: Examination) => judge(examination).results[0]

test('each finding of rpmlint has its name, level, package, file and line', () => {
  const output = `hello.x86_64: W: non-conffile-in-etc /etc/hello.conf
hello.spec:12: E: hardcoded-library-path in /usr/lib/hello
hello.x86_64: E: wrong-script-interpreter /usr/bin/x:3 /bin/foo
hello.x86_64: E: no-description-tag
hello.x86_64: E: statically-linked-binary /usr/bin/hello
a line of something else: E
 1 packages and 0 specfiles checked; 4 errors, 1 warnings, 4 badness; has taken 0.1 s `
  const results = readRpmlint({ exitCode: 64, output })

  assert.deepEqual(
    results.map(({ name, result, place }) => [name, result, place?.path ?? null, place?.line ?? null]),
    [
      ['non-conffile-in-etc', 'info', '/etc/hello.conf', null],
      ['hardcoded-library-path', 'failed', 'hello.spec', 12],
      ['wrong-script-interpreter', 'failed', '/usr/bin/x', 3],
      ['no-description-tag', 'failed', 'hello.x86_64', null],
      ['statically-linked-binary', 'info', '/usr/bin/hello', null],
      ['rpmlint', 'info', null, null],
    ],
  )
})

test('an rpmlint that is missing or breaks off is an error, neither green nor red', () => {
  const missing = judge({ ...GOOD, rpmlint: { exitCode: 127, output: 'rpmlint: spawn rpmlint ENOENT\n' } })
  const broken = judge({ ...GOOD, rpmlint: { exitCode: 1, output: 'Traceback (most recent call last):\nKeyError\n' } })

  assert.deepEqual([missing.state, missing.reason], ['error', 'This machine lacks rpmlint.'])
  assert.deepEqual([broken.state, broken.reason], ['error', 'rpmlint broke off (exit code 1).'])
})

test('a dnf that is missing is an error of this machine', () => {
  const verdict = judge({ ...GOOD, install: { exitCode: 127, output: 'dnf: spawn dnf ENOENT\n' }, installed: [] })

  assert.deepEqual([verdict.state, verdict.reason], ['error', 'This machine lacks dnf.'])
})

test('what is missing, what conflicts and what is obsoleted are read from the words of rpm', () => {
  const tested = readRpmTest(`error: Failed dependencies:
	libfoo.so.1()(64bit) is needed by hello-1.0-1.x86_64
	python(abi) = 3.14 is needed by (installed) b-1-1.noarch
	a conflicts with b-1-1.noarch
	file /usr/bin/x conflicts between attempted installs of a-1-1.noarch and b-1-1.noarch
warning: something else
`)

  assert.deepEqual(tested.missing, [
    { need: 'libfoo.so.1()(64bit)', by: 'hello-1.0-1.x86_64' },
    { need: 'python(abi) = 3.14', by: 'b-1-1.noarch' },
  ])
  assert.equal(tested.conflicts.length, 2)
})

test('a package passes only when it is there in the end', () => {
  assert.equal(judge(GOOD).state, 'success')
  assert.equal(judge({ ...GOOD, installed: [] }).state, 'failure')
  const failed = { ...GOOD, install: { exitCode: 1, output: 'Error: GPG\nno such thing\n' }, installed: [] }
  assert.match(first(failed)?.message ?? '', /dnf failed: Error: GPG\nno such thing/)
})

test('a scriptlet that fails is its package’s failure, although dnf goes on', () => {
  for (const line of [
    'warning: %post(hello-1.0-1.noarch) scriptlet failed, exit status 1',
    'Error in POSTIN scriptlet in rpm package hello',
  ]) {
    const found = first({ ...GOOD, install: { exitCode: 0, output: `${line}\nComplete!\n` } })
    assert.deepEqual([found?.result, found?.message], ['failed', line])
  }
})

test('what only a real root can have is no fault of the package', () => {
  const output =
    'error: unpacking of archive failed on file /x: cpio: chown failed - Invalid argument\nerror: hello-1.0-1.noarch: install failed\n'
  const verdict = judge({ ...GOOD, install: { exitCode: 1, output }, installed: [] })

  assert.deepEqual([verdict.state, verdict.results[0]?.result], ['skipped', 'skipped'])
})

test('long lists of what is needed are cut', () => {
  const missing = Array.from({ length: 9 }, (_, i) => ({ need: `lib${i}`, by: HELLO.nvra }))
  const verdict = judge({ ...GOOD, missing, install: null, installed: [] })

  assert.equal(
    verdict.reason,
    'No package could be tried: hello-1.0-1.noarch needs lib0, lib1, lib2, lib3, lib4 and 4 more, which no repository here has.',
  )
})

test('output of another shape, or without end, is none', () => {
  assert.deepEqual(parseExamination(structuredClone(GOOD)), GOOD)
  const strange: unknown[] = [
    ...[null, [], 'text', {}, { ...GOOD, install: undefined }, { ...GOOD, installed: [7] }],
    ...[
      { ...GOOD, packages: Array.from({ length: 6_000 }, () => HELLO) },
      { ...GOOD, rpmlint: { exitCode: 'x', output: '' } },
    ],
  ]
  for (const output of strange) assert.equal(parseExamination(output), undefined)
})
