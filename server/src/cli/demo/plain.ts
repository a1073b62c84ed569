import { randomBytes, randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { type Config, readConfig } from '../../config.ts'
import { parseGitRule } from '../../domain/git-url.ts'
import { sign } from '../../forges/signature.ts'
import { type DemoPullRequest, makeDemoPullRequest } from '../demo-repository.ts'
import { findFreePort } from '../listen.ts'
import type { Started } from '../start.ts'
import { paint } from '../terminal.ts'
import { hasFailed, play, resultLines, type Stage, showDecision, showRuns } from './stage.ts'

export const DATA_DIR = './demo-data'

/** A pull request of the sample in a plain git repository, told of by the webhook for plain git. */
export async function demoPlainly(stage: Stage): Promise<void> {
  const config = await plainConfig()
  stage.printer.print(`Packit Service demo: data in ${config.dataDir}, port ${config.port}`)
  await play(stage, config, (started) => validateSample(started, config, stage))
}

/** Has the sample's pull request validated; 0 when it went well, 1 when not. */
async function validateSample(started: Started, config: Config, stage: Stage): Promise<number> {
  const { printer, output } = stage
  const pull = await makeDemoPullRequest(config.dataDir, new Date())
  const deliveryId = await deliver(started, config, pull)
  printer.print(
    `${paint(output, 'green', '✓')} Delivery accepted: pull request 1 of ${pull.repository}, commit ${pull.head.sha.slice(0, 8)}`,
  )
  const eventId = await showDecision(started, deliveryId, stage)
  const runs = eventId === undefined ? [] : await showRuns(started, eventId, stage)
  printer.close()
  for (const line of resultLines(started, runs, output)) output.write(`${line}\n`)
  return hasFailed(runs) ? 1 : 0
}
/** Own data, a free port, a secret of its own; the rest as the settings say. */
async function plainConfig(): Promise<Config> {
  // the sample needs no network
  const defaults = { PACKIT_DATA_DIR: DATA_DIR, PACKIT_LOG_LEVEL: 'warn', PACKIT_BODHI_URL: 'off' }
  const config = readConfig({ defaults, changed: { PACKIT_BUILDER: 'local' } })
  const port = await findFreePort(config.host, config.port)
  const dataDir = resolve(config.dataDir)
  const gitAllow = [...config.gitAllow, parseGitRule(dataDir)]
  return {
    ...config,
    dataDir,
    port,
    gitAllow,
    gitWebhookSecret: config.gitWebhookSecret ?? randomBytes(24).toString('hex'),
  }
}

/** Sends the signed delivery to our own port, as a forge would; gives its row. */
async function deliver({ service, url }: Started, config: Config, pull: DemoPullRequest): Promise<number> {
  const body = JSON.stringify({
    kind: 'pull_request',
    action: 'updated',
    repository: { url: pull.repository, forge: 'localhost', namespace: 'demo', name: 'hello' },
    number: 1,
    title: 'Greet with the time',
    author: 'demo',
    base: pull.base,
    head: { repository_url: pull.repository, ...pull.head },
    updated_at: new Date().toISOString(),
  })
  const id = randomUUID()
  const headers = {
    'content-type': 'application/json',
    'x-packit-delivery': id,
    'x-packit-signature-256': sign(config.gitWebhookSecret ?? '', body),
  }
  const response = await fetch(`${url}/api/webhooks/git`, { method: 'POST', headers, body })
  if (response.status !== 202) throw new Error(`the webhook answered ${response.status}: ${await response.text()}`)
  const [delivery] = await service.database.db.query.deliveries.findMany({ where: (d, { eq }) => eq(d.deliveryId, id) })
  if (!delivery) throw new Error('the delivery was accepted, but is not there')
  return delivery.id
}
