import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../config.ts'
import { createStages } from './stages.ts'

test('links to a service that has no public address can be followed, whatever host it listens on', () => {
  const reposUrlOf = (host: string) => {
    const config = readConfig({ env: { PACKIT_HOST: host, PACKIT_PORT: '8080' } })
    const builder = { isRemote: false }
    // nothing else of them is looked at while the stages are put together
    const parts = { config, workshop: { builder }, own: {}, replace: {} } as unknown as Parameters<
      typeof createStages
    >[0]
    return createStages(parts).builds.reposUrl
  }
  assert.equal(reposUrlOf('localhost'), 'http://localhost:8080/repos')
  assert.equal(reposUrlOf('::1'), 'http://[::1]:8080/repos')
  assert.equal(reposUrlOf('0.0.0.0'), 'http://127.0.0.1:8080/repos')
})
