import type { FakeGithub } from '../../forges/github/fake/fake-github.ts'
import { fullName } from '../../forges/github/fake/state.ts'
import type { PullRequest } from '../../forges/github/fake/things.ts'
import { done, type Place, type Stage, showDecision } from './stage.ts'

/** Opens a pull request, and has our webhook told of it. */
export async function openPull(
  github: FakeGithub,
  { service }: Place,
  stage: Stage,
  wanted: Parameters<FakeGithub['openPullRequest']>[0],
): Promise<{ pull: PullRequest; deliveryId: number }> {
  const pull = await github.openPullRequest(wanted)
  const sent = github.deliveries.log.findLast(({ event }) => event === 'pull_request')
  if (sent?.statusCode !== 202) throw new Error(`the webhook answered ${sent?.statusCode}: ${sent?.answer.payload}`)
  const { db } = service.database
  const [row] = await db.query.deliveries.findMany({ where: (d, { eq }) => eq(d.deliveryId, sent.guid) })
  if (!row) throw new Error('the delivery was accepted, but is not there')
  const { number, repository } = pull
  const what = `pull request ${number} of ${fullName(repository)}, commit ${pull.pull.head.sha.slice(0, 8)}`
  done(stage, `Delivery accepted: ${what}`)
  return { pull, deliveryId: row.id }
}

/** Shows what our jobs make of a delivery; gives its event. */
export async function decidePull(place: Place, deliveryId: number, stage: Stage): Promise<number> {
  const eventId = await showDecision(place, deliveryId, stage)
  if (eventId === undefined) throw new Error('nothing came of the delivery')
  return eventId
}

/** What GitHub's description of its API does not know is a fault of ours: tells of it, and whether there is any. */
export function tellViolations({ violations }: FakeGithub, { output }: Stage): boolean {
  for (const one of violations) output.write(`GitHub does not describe this: ${JSON.stringify(one)}\n`)
  return violations.length > 0
}
