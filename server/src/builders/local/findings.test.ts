import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeLack, findDiskFull, findLack } from './findings.ts'

const said = (log: string) => {
  const lack = findLack(log)
  return lack && describeLack(lack, 'hello-1-1.src.rpm')
}

test('lines without an end, made to be hard to match, take no time', () => {
  const startedAt = performance.now()
  for (const line of [`x: line 1: %${'a'.repeat(131_000)}`, `error: ${'Illegal char'.repeat(11_000)}`]) {
    assert.equal(findLack(line), undefined)
  }
  assert.ok(performance.now() - startedAt < 1_000)
})

test('a program that no shell finds is what the machine lacks', () => {
  const lacksCmake = 'this machine lacks the program cmake'
  assert.equal(
    said('+ cmake .\n/var/tmp/rpm-tmp.Ab12: line 37: cmake: command not found\nerror: Bad exit status'),
    lacksCmake,
  )
  assert.equal(said('/var/tmp/rpm-tmp.Ab12: 37: cmake: not found\n'), lacksCmake)
  assert.equal(said('make[2]: cmake: No such file or directory\n'), lacksCmake)
  assert.equal(said('env: ‘cmake’: No such file or directory\n'), lacksCmake)
  assert.equal(said("/usr/bin/env: 'cmake': No such file or directory\n"), lacksCmake)
})

test('a macro that nothing defines is what the machine lacks', () => {
  assert.equal(said('/var/tmp/rpm-tmp.x: line 30: %meson: command not found\n'), 'this machine lacks the macro %meson')
  assert.equal(said('/var/tmp/rpm-tmp.x: 30: %{meson}: not found\n'), 'this machine lacks the macro %meson')
  assert.equal(said('error: line 12: Unknown tag: %gometa\n'), 'this machine lacks the macro %gometa')
  assert.equal(
    said('/var/tmp/rpm-tmp.x: line 3: fg: no job control\n'),
    'this machine lacks a macro that the spec file uses',
  )
})

test('missing build dependencies come with the command that installs them', () => {
  const log =
    'error: Failed build dependencies:\n\tcmake >= 3 is needed by hello-1-1.x86_64\n\tgcc is needed by hello-1-1.x86_64\nWrote\n'
  assert.equal(
    said(log),
    'this machine lacks build dependencies: cmake >= 3, gcc; install them: dnf builddep hello-1-1.src.rpm',
  )
})

test('a failure of the change itself is not laid on the machine', () => {
  assert.equal(findLack('hello.c:3:1: error: unknown type name\nmake: *** [Makefile:4: hello.o] Error 1\n'), undefined)
  assert.equal(findLack('/var/tmp/rpm-tmp.x: line 37: ./configure: No such file or directory\n'), undefined)
  assert.equal(findLack('/var/tmp/rpm-tmp.x: line 37: ./autogen.sh: command not found\n'), undefined)
  assert.equal(findLack(''), undefined)
})

test('a full work tree is read from what programs say about it', () => {
  assert.equal(findDiskFull('dd: error writing: No space left on device\n'), true)
  assert.equal(findDiskFull('all is well\n'), false)
})
