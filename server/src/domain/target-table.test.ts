import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtInLists } from '../targets/table.ts'
import { doubtTargetLists, makeTargetTable, mergeReleases, newerLists, parseTargetLists } from './target-table.ts'
import { expandTargets } from './targets.ts'

const known = builtInLists

test('lists that lost half of what was there, or what must be there, are not believed', () => {
  const doubt = (set: Partial<typeof known>) => doubtTargetLists({ ...known, ...set }, known)
  assert.equal(doubt({}), undefined)
  assert.match(doubt({ chroots: [] }) ?? '', /only 0 chroots; there were \d+/)
  assert.match(doubt({ chroots: known.chroots.slice(0, known.chroots.length / 2 - 1) }) ?? '', /only \d+ chroots/)
  assert.match(doubt({ releases: [] }) ?? '', /no current release of Fedora/)
  const withoutEpel = known.releases.filter(({ name }) => name.startsWith('fedora-'))
  assert.match(doubt({ releases: withoutEpel }) ?? '', /no release of EPEL/)
  const few = known.releases.filter(({ name }) => name === 'fedora-45' || name === 'epel-9')
  assert.match(doubt({ releases: few }) ?? '', /only 2 releases; there were 8/)
  const lacking = known.chroots.filter((chroot) => chroot !== 'fedora-45-x86_64')
  assert.equal(doubt({ chroots: lacking }), 'there is no chroot fedora-45-x86_64')
})

test('a release that left the lists is part of no alias, and its name means the same still', () => {
  const listed = known.releases.filter(({ name, state }) => state !== 'archived' && name !== 'epel-10.2')
  const table = makeTargetTable({ ...known, releases: mergeReleases(listed, known.releases) })
  assert.deepEqual(expandTargets(['epel-10-all'], table).chroots, ['epel-10-x86_64'])
  assert.deepEqual(expandTargets(['epel-10.2'], table).chroots, ['rhel+epel-10-x86_64'])
})

test('what was kept is read again as it was, and anything else is as good as nothing', () => {
  assert.deepEqual(parseTargetLists(JSON.parse(JSON.stringify(known))), known)
  const others = [null, 7, 'x', [], {}, { ...known, chroots: [1] }, { ...known, readAt: 'today' }]
  for (const value of [...others, { ...known, releases: [{ name: 'f', branch: '', state: 'new' }] }])
    assert.equal(parseTargetLists(value), undefined)
})

test('a new version of the program may know more than what was read last', () => {
  const older = { ...known, readAt: '2020-01-01T00:00:00.000Z' }
  const newer = { ...known, readAt: '2100-01-01T00:00:00.000Z' }
  assert.equal(newerLists(older, known), known)
  assert.equal(newerLists(newer, known), newer)
  assert.equal(newerLists(undefined, known), known)
})
