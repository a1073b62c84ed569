import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { actionCommands, showCommand } from './actions.ts'
import { findArchive } from './archive.ts'
import { readSrpmOptions } from './options.ts'
import { readPatchMetadata } from './patch-metadata.ts'
import { expandTemplate, timestampDigits, withDist } from './release.ts'
import { filterTags } from './tags.ts'
import { compareVersions, versionProblem } from './version.ts'

describe('actions', () => {
  test('words are split as a shell would, with quotes and backslashes, but nothing is expanded', () => {
    const command = `a'b c'd "x \\"y\\" \\z $HOME" e\\ f '' "\\\\" ~`
    assert.deepEqual(actionCommands(command), [['ab cd', 'x "y" \\z $HOME', 'e f', '', '\\', '~']])
  })

  test('a command that is shown can be read again', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
        assert.deepEqual(actionCommands(showCommand(words)), [words])
      }),
    )
  })

  test('a quote that is not closed is named', () => {
    assert.throws(() => actionCommands(`echo "it`), /a quote \("\) isn't closed: echo "it/)
    assert.throws(() => actionCommands('echo \\'), /a backslash at the end: echo/)
  })

  test('a list in a list holds texts only', () => {
    assert.throws(() => actionCommands([['a', 1]]), /expected a command .* found a list/)
  })
})

describe('release', () => {
  test('the timestamp has twenty digits, whatever the fraction has', () => {
    assert.equal(timestampDigits('2026-11-03T01:02:03.004Z'), '20261103010203004000')
    assert.equal(timestampDigits('2026-11-03T01:02:03Z'), '20261103010203000000')
    assert.equal(timestampDigits('2026-11-03T01:02:03.1234567Z'), '20261103010203123456')
    assert.throws(() => timestampDigits('2026-11-03 01:02'), /not a time in UTC/)
  })

  test('the dist macro comes once, in the spelling it had', () => {
    assert.equal(withDist('1.x', '1%{?dist}'), '1.x%{?dist}')
    assert.equal(withDist('1.x', '1%dist.2'), '1.x%dist')
    assert.equal(withDist('1.x%{dist}', '1%{?dist}'), '1.x%{dist}')
    assert.equal(withDist('1.x', '%{rel}'), '1.x%{?dist}')
  })

  test('a template names the key and what is known when it can not be filled in', () => {
    assert.equal(expandTemplate('{{{A}}}', { A: '1' }, 'release_suffix'), '{1}')
    assert.throws(
      () => expandTemplate('{B}', { A: '1' }, 'release_suffix'),
      /^RangeError: release_suffix: unknown placeholder \{B\}\. Known are: A\./,
    )
    assert.throws(() => expandTemplate('a}', {}, 'version_suffix'), /^RangeError: version_suffix: single "}"/)
  })
})

describe('versions and tags', () => {
  test('a version that rpm refuses says why', () => {
    assert.equal(versionProblem('1.0~rc1+git^2_x'), undefined)
    assert.equal(versionProblem(''), 'it is empty')
    assert.equal(versionProblem('a\nb'), 'it has more than one line')
    assert.equal(versionProblem('v1 0'), 'it contains " "')
  })

  test('versions are in the order of Python packages', () => {
    const rising = '0.9 1.0.dev2 1.0a1.dev1 1.0a1 1.0b2 1.0rc1 1.0 1.0+local 1.0.post1 1.0.1 v1.10 1!0.1'.split(' ')
    for (const [index, lower] of rising.entries()) {
      for (const higher of rising.slice(index + 1)) {
        assert.equal(compareVersions(lower, higher), -1, `${lower} < ${higher}`)
        assert.equal(compareVersions(higher, lower), 1, `${higher} > ${lower}`)
      }
    }
  })

  test('patterns of tags are those of Python', () => {
    const rules = { upstream_tag_template: '', upstream_tag_include: '(?P<x>v)\\d', upstream_tag_exclude: '(?i)V2' }
    assert.deepEqual(filterTags(['v1', 'v2', 'x-v3', 'v4'], rules), ['v1', 'v4'])
  })
})

test('an empty line is no archive', () => {
  assert.equal(
    findArchive(['a\n\n'], () => true),
    'a',
  )
  assert.equal(
    findArchive(['\n'], () => true),
    undefined,
  )
})

test('a setting of the wrong type is named', () => {
  assert.throws(
    () => readSrpmOptions({ preserve_spec: 'x' }),
    /^TypeError: preserve_spec: expected true or false, found "x"/,
  )
  assert.throws(() => readSrpmOptions({ sources: [{ path: 1 }] }), /^TypeError: sources: path: expected a text/)
  assert.deepEqual(readSrpmOptions({ files_to_sync: ['a', { src: ['b', 'c'], dest: 'd' }] }).files_to_sync, [
    { src: ['a'] },
    { src: ['b', 'c'] },
  ])
})

describe('metadata of patches', () => {
  test('trailers win over YAML, and a value goes on in indented lines', () => {
    const message =
      'S\n\npatch_name: no.patch\n\nPatch-name: a.patch\nPatch-status: |\n    # one\n    # two\nIgnore-patch: true\n'
    assert.deepEqual(readPatchMetadata(message), {
      name: 'a.patch',
      description: ['one', 'two'],
      ...{ isInSpec: false, isIgnored: true, hasNoPrefix: false, isYaml: false },
    })
  })

  test('a name that is a path, or a number that is none, is refused', () => {
    assert.throws(() => readPatchMetadata('patch_name: ../x\n'), /isn't a file name/)
    assert.throws(() => readPatchMetadata('patch_id: x\n'), /isn't a number/)
  })
})
