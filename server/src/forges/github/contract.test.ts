import { readFileSync } from 'node:fs'
import { after } from 'node:test'
import { testForge } from '../forge.contract.ts'
import { createGithubForge } from './github-forge.ts'
import { openGithubWorld } from './test-world.ts'

const opened: AsyncDisposable[] = []
after(async () => {
  for (const world of opened) await world[Symbol.asyncDispose]()
})

testForge('the fake GitHub', async () => {
  const world = await openGithubWorld()
  opened.push(world)
  const { github, hello, forge, repository } = world
  github.setPermission(hello, 'ann', 'write')
  github.createUser('zoe')
  const sha = await github.pushTag({ repository: hello, tag: 'v1/beta', isAnnotated: true })
  const { number } = await github.openPullRequest({ repository: hello, author: 'zoe', fromFork: true, labels: ['x'] })
  return { forge, repository, pullRequest: number, tag: { name: 'v1/beta', sha }, member: 'ann', stranger: 'zoe' }
})

const env = (name: string) => process.env[`PACKIT_TEST_GITHUB_${name}`] ?? ''

// CONTRIBUTING.md says what these hold
if (env('APP_ID') !== '') {
  testForge('GitHub', async () => {
    const [namespace = '', name = ''] = env('REPOSITORY').split('/')
    const app = {
      appId: Number(env('APP_ID')),
      slug: null,
      privateKey: readFileSync(env('PRIVATE_KEY_FILE'), 'utf8'),
      webhookSecret: '',
      oauth: null,
      apiUrl: env('API_URL') || 'https://api.github.com',
    }
    const forge = createGithubForge({ app: () => app, now: () => new Date(), warn: console.error })
    const repository = { namespace, name, installationId: null }
    const tag = { name: env('TAG'), sha: env('TAG_SHA') }
    const pullRequest = Number(env('PULL_REQUEST'))
    return { forge, repository, pullRequest, tag, member: env('MEMBER'), stranger: env('STRANGER') || 'ghost' }
  })
}
