import type { AddressInfo } from 'node:net'
import { runDataCommand } from '../src/cli/data-commands.ts'
import { FakeGithub } from '../src/forges/github/fake/fake-github.ts'
import { createWorld } from './world.ts'

/** A service without an App, and a GitHub. */
export async function createSetup() {
  const github = await FakeGithub.start()
  const world = await createWorld({ env: { PACKIT_GITHUB_WEBHOOK_SECRET: '', PACKIT_GITHUB_API_URL: github.apiUrl } })
  await world.http.listen({ host: '127.0.0.1', port: 0 })
  const base = `http://127.0.0.1:${(world.http.server.address() as AddressInfo).port}`
  const { service } = world
  const makeLink = async (name: 'setup-link' | 'sign-in-link') =>
    (await runDataCommand({ name }, { ...service, now: () => new Date(), base })).at(-1) ?? ''
  return {
    github,
    world,
    base,
    makeLink,
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await github[Symbol.asyncDispose]()
    },
  }
}
