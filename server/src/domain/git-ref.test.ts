import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSafeRef, isSha } from './git-ref.ts'

test('names of branches, tags and pull requests are safe', () => {
  for (const ref of [
    'main',
    'HEAD',
    'refs/pull/7/head',
    'v1.0~rc'.replace('~', '-'),
    'fix/ünï',
    'a@b',
    'x;y',
    '$(id)',
    "it's",
  ]) {
    assert.ok(isSafeRef(ref), ref)
  }
})

test('options, control characters, ranges and what git refuses are not', () => {
  const unsafe = [
    '',
    '-',
    '--upload-pack=x',
    '-oProxyCommand=x',
    'a\nb',
    'a b',
    'a\u007f',
    'a..b',
    'a^',
    'a~1',
    'a:b',
    '@',
    '@{u}',
  ]
  for (const ref of [
    ...unsafe,
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a.',
    '*',
    'a\\b',
    '[a',
    'x'.repeat(251),
  ]) {
    assert.ok(!isSafeRef(ref), ref)
  }
})

test('a commit id is whole and in lower case', () => {
  assert.ok(isSha('a'.repeat(40)) && isSha('0'.repeat(64)))
  for (const text of ['', 'a'.repeat(39), 'A'.repeat(40), `${'a'.repeat(40)}\n`, 'g'.repeat(40)])
    assert.ok(!isSha(text), text)
})
