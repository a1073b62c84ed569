import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coprHint } from './messages.ts'

const body = { build: 123_456_789, chroot: 'fedora-45-x86_64', status: 1, owner: '@team', copr: 'hello', pkg: null }
const hint = { buildId: '123456789', owner: '@team', project: 'hello' }

test('starts and ends of chroots name their build, whatever the prefix, wrapped once more or not', () => {
  assert.deepEqual(coprHint({ topic: 'org.fedoraproject.prod.copr.build.end', body }), hint)
  assert.deepEqual(coprHint({ topic: 'copr.build.start', body: { msg: body } }), hint)
})

test('that an SRPM could not be taken in is told, that it begins is not', () => {
  const source = { ...body, chroot: 'srpm-builds' }
  assert.deepEqual(coprHint({ topic: 'copr.build.end', body: source }), hint)
  assert.equal(coprHint({ topic: 'copr.build.start', body: source }), null)
})

test('what is said twice, of others, or of another shape is no hint', () => {
  assert.equal(coprHint({ topic: 'org.fedoraproject.prod.copr.chroot.start', body }), null)
  assert.equal(coprHint({ topic: 'org.fedoraproject.prod.buildsys.tag', body }), null)
  for (const odd of [null, 'text', [], {}, { ...body, build: '12' }, { ...body, build: -1 }, { ...body, owner: 7 }])
    assert.equal(coprHint({ topic: 'copr.build.end', body: odd }), null)
})
