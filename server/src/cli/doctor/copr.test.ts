import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeCopr } from '../../builders/copr/fake/fake-copr.ts'
import { SetupError } from '../../domain/errors.ts'
import { checkCopr, refuseWrongCopr } from './copr.ts'

const states = async (copr: Parameters<typeof checkCopr>[0]) => (await checkCopr(copr)).map(({ state }) => state)

test('the doctor says whether Copr accepts the token, and the owner that projects are made for', async () => {
  await using copr = await FakeCopr.start()
  assert.deepEqual(await states(copr.settings), ['ok'])
  assert.deepEqual(await states({ ...copr.settings, owner: '@team' }), ['ok', 'ok'])
  assert.deepEqual(await states({ ...copr.settings, owner: 'ann' }), ['ok', 'problem'])
  assert.deepEqual(await states({ ...copr.settings, token: 'old' }), ['problem'])
})

test('a start with a wrong token is refused, one while Copr is away is not', async () => {
  await using copr = await FakeCopr.start()
  const start = (set: object) => refuseWrongCopr({ builder: 'copr', copr: { ...copr.settings, ...set } })
  await assert.rejects(start({ token: 'old' }), SetupError)
  copr.faults.add({ kind: 'bad-gateway', times: 4 })
  assert.equal((await start({})).length, 1)
  assert.deepEqual(await start({}), [])
})
