import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { HELLO_SPEC } from '../../../../test/rpm.ts'
import { createRepository } from '../../../builders/local/create-repository.ts'
import { createSandbox } from '../../../sandbox/bubblewrap.ts'
import { buildPackages, LIMITS } from '../../local/test-packages.ts'
import { openFarm, testToRun } from '../test-world.ts'
import { createRealRun } from './real-run.ts'

const sandbox = createSandbox({ parallel: 2 })
after(() => sandbox.close())

test('in its real mode the packages of a repository are downloaded, installed and looked at', async () => {
  const [rpm = assert.fail()] = await buildPackages(sandbox, [HELLO_SPEC])
  const name = 'hello-1.0-1.x86_64.rpm'
  const repository = await createRepository({ sandbox, limits: LIMITS }, { rpms: [{ name, path: rpm.path }] })
  await using server = await serve({
    [name]: rpm.path,
    ...Object.fromEntries(repository.files.map((f) => [f.name, f.path])),
  })
  const ended = Promise.withResolvers<void>()
  const really = createRealRun({ sandbox, limits: LIMITS, repositoryOf: () => server.url })
  const run: typeof really = (request) => really(request).finally(() => setImmediate(ended.resolve))
  await using world = await openFarm({ run })

  const id = await world.tester.startTest(testToRun({ plans: null }))
  await ended.promise
  const found = await world.tester.findTest(id, { isInternal: false })

  assert.equal(found?.state, 'success', JSON.stringify(found))
  assert.deepEqual(
    found.results?.filter(({ result }) => result === 'passed').map((one) => one.name),
    ['/installation/hello-1.0-1.x86_64', '/rpmlint/rpmlint'],
  )
  const log = await (await fetch(found.logUrl ?? '')).text()
  assert.match(log, /Installing.*hello-1\.0-1/)
})

async function serve(files: Record<string, string>) {
  const server = createServer((request, response) => {
    const path = files[(request.url ?? '').slice(1)]
    if (path === undefined) return void response.writeHead(404).end()
    response.end(readFileSync(path))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
