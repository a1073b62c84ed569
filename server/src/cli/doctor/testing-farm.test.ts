import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../../config.ts'
import { FakeTestingFarm } from '../../testers/testing-farm/fake/fake-testing-farm.ts'
import { checkTesting } from './testing-farm.ts'

const configOf = (env: Record<string, string>) =>
  readConfig({ env: { PACKIT_PUBLIC_URL: 'https://packit.example', ...env } })

test('without a token this machine tests, and nobody is asked', async () => {
  const found = await checkTesting(configOf({ PACKIT_TESTING_FARM_URL: 'http://127.0.0.1:9/v0.1' }))

  assert.deepEqual(
    found.map(({ state, what }) => [state, what]),
    [['ok', 'packages are tested on this machine: no token of Testing Farm is set']],
  )
})

test('tokens of both ranches are tried; a wrong one, or one of the other ranch, is a problem', async () => {
  await using farm = await FakeTestingFarm.start()
  const states = async (token: string, internal = farm.tokens.redhat) => {
    const env = {
      PACKIT_TESTING_FARM_URL: farm.url,
      PACKIT_TESTING_FARM_TOKEN: token,
      PACKIT_TESTING_FARM_INTERNAL_TOKEN: internal,
    }
    return (await checkTesting(configOf(env))).map(({ state, what }) => `${state}: ${what}`).join('\n')
  }

  assert.doesNotMatch(await states(farm.tokens.public), /problem|warning/)
  assert.match(
    await states('wrong-one'),
    /problem: Testing Farm does not accept the token of PACKIT_TESTING_FARM_TOKEN/,
  )
  assert.match(
    await states(farm.tokens.redhat),
    /problem: PACKIT_TESTING_FARM_TOKEN is a token of the ranch redhat, not of public/,
  )
  assert.doesNotMatch(await states('wrong-one'), /wrong-one/)
})

test('a Testing Farm that does not answer, and an address that nobody reaches, are told', async () => {
  const env = {
    PACKIT_TESTING_FARM_URL: 'http://127.0.0.1:9/v0.1',
    PACKIT_TESTING_FARM_TOKEN: 'x',
    PACKIT_PUBLIC_URL: '',
  }
  const found = await checkTesting(configOf(env))

  assert.deepEqual(
    found.map(({ state }) => state),
    ['problem', 'warning'],
  )
  assert.match(found[0]?.what ?? '', /can't be asked now/)
})
