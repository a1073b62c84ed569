import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { FakeGithub } from './fake-github.ts'
import { ask, makeToken } from './test-caller.ts'

type Json = Record<string, unknown>
const examples: { name: string; examples: Json[] }[] = createRequire(import.meta.url)('@octokit/webhooks-examples')

/** Not told by every kind of webhook. */
const OPTIONAL = ['organization', 'enterprise', 'installation']
/** What GitHub tells of things inside, by what the service reads: the rest may differ from release to release. */
const INSIDE = ['pull_request', 'repository', 'comment', 'issue', 'check_run', 'check_suite', 'release', 'merge_group']
/** Has everything happen that sends a delivery, and gives what was sent. */
async function collect(): Promise<{ event: string; body: Json }[]> {
  const sent: { event: string; body: Json }[] = []
  await using github = await FakeGithub.start({
    deliver: async (headers, body) => {
      sent.push({ event: headers['x-github-event'] ?? '', body: JSON.parse(body) })
      return 202
    },
  })
  const repository = await github.createRepository({ owner: 'acme', name: 'hello' })
  const installation = await github.install(repository)
  const pr = await github.openPullRequest({ repository, author: 'zoe', fromFork: true })
  await github.push(pr)
  await github.label(pr, 'x')
  await github.close(pr)
  await github.reopen(pr)
  await github.editComment(await github.comment(pr, 'zoe', 'a'), 'b')
  await github.comment({ repository, sha: await github.release({ repository, tag: 'v1' }) }, 'zoe', 'c')
  const token = await makeToken(github, installation)
  await ask(github, 'POST /repos/acme/hello/check-runs', { token, body: { name: 'p', head_sha: pr.pull.head.sha } })
  await github.rerun(github.findCheck(pr, 'p'))
  await github.rerunAll(github.findCheck(pr, 'p'))
  await github.leaveQueue(await github.queueMerge(pr), 'dequeued')
  await github.rename(repository, 'hullo')
  await github.suspend(installation)
  await github.unsuspend(installation)
  await github.ping()
  return sent
}

/** The names that every example of this event has at a place. */
function commonNames(event: string, action: unknown, place?: string): string[] {
  const all = examples.find(({ name }) => name === event)?.examples ?? []
  const same = all.filter((one) => action === undefined || one.action === action)
  const objects = (same.length > 0 ? same : all).map((one) => (place ? one[place] : one)).filter(isObject)
  return Object.keys(objects[0] ?? {}).filter((name) => objects.every((one) => name in one))
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

test("each delivery holds what GitHub's own examples of its kind have in common", async () => {
  const sent = await collect()
  const missing = sent.flatMap(({ event, body }) => {
    const outside = commonNames(event, body.action).filter((name) => !OPTIONAL.includes(name) && !(name in body))
    const inside = INSIDE.flatMap((place) => {
      const object = body[place]
      if (!isObject(object)) return []
      return commonNames(event, body.action, place)
        .filter((name) => !(name in object))
        .map((name) => `${place}.${name}`)
    })
    return [...outside, ...inside].map((name) => `${event} ${body.action ?? ''}: ${name}`)
  })
  // a ping to an App is about no repository
  assert.deepEqual(
    [...new Set(missing)].filter((one) => !/^ping : (repository|sender)$/.test(one)),
    [],
  )
  assert.ok(new Set(sent.map(({ event }) => event)).size >= 11)
})
