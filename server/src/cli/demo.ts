import { randomBytes, randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { pino } from 'pino'
import { type Config, readConfig, wantsNoColor } from '../config.ts'
import { findDelivery } from '../db/deliveries.ts'
import { listPipelinesOfEvent } from '../db/events.ts'
import type { Run } from '../db/runs.ts'
import { parseGitRule } from '../domain/git-url.ts'
import { sign } from '../forges/signature.ts'
import { type DemoPullRequest, makeDemoPullRequest } from './demo-repository.ts'
import { findFreePort } from './listen.ts'
import { installOf } from './results.ts'
import { untilStopped } from './serve.ts'
import { type Started, start } from './start.ts'
import { followRuns, type Step } from './steps.ts'
import { causeLines, type Output, paint, StepPrinter, standardOutput } from './terminal.ts'

export function demoCommand(): Command {
  return new Command('demo')
    .description('validate a pull request of the sample project through the real webhook, and keep serving')
    .option('--once', 'end when the run has ended, with 1 if it failed')
    .action(demo)
}

const DATA_DIR = './demo-data'

async function demo({ once = false }: { once?: boolean }): Promise<void> {
  const config = await demoConfig()
  const output = standardOutput(process.stdout, wantsNoColor())
  const printer = new StepPrinter(output)
  printer.print(`Packit Service demo: data in ${config.dataDir}, port ${config.port}`)
  const started = await start(config, pino({ level: config.logLevel, base: null }), {
    say: (line) => printer.print(paint(output, 'grey', line)),
  })
  try {
    process.exitCode = await validateSample(started, config, printer, output)
    if (once) return await started.stop()
  } catch (error) {
    await started.stop()
    throw error
  }
  output.write('\nServing; Ctrl-C stops.\n')
  await untilStopped(started)
}

/** Has the sample's pull request validated; 0 when it went well, 1 when not. */
async function validateSample(started: Started, config: Config, printer: StepPrinter, output: Output): Promise<number> {
  const pull = await makeDemoPullRequest(config.dataDir, new Date())
  const deliveryId = await deliver(started, config, pull)
  printer.print(
    `${paint(output, 'green', '✓')} Delivery accepted: pull request 1 of ${pull.repository}, commit ${pull.head.sha.slice(0, 8)}`,
  )
  const runs = await show(started, deliveryId, printer, output)
  printer.close()
  const failed = runs.some((run) => ['failure', 'error'].includes(run.pipelines[0]?.state ?? 'error'))
  for (const line of closing(started, runs, output)) output.write(`${line}\n`)
  return failed ? 1 : 0
}

/** Own data, a free port, a secret of its own; the rest as the settings say. */
async function demoConfig(): Promise<Config> {
  // the sample needs no network
  const defaults = { PACKIT_DATA_DIR: DATA_DIR, PACKIT_LOG_LEVEL: 'warn', PACKIT_BODHI_URL: 'off' }
  const config = readConfig({ defaults })
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

/** Shows what comes of the delivery while it happens; gives the runs as they ended. */
async function show({ service }: Started, deliveryId: number, printer: StepPrinter, output: Output): Promise<Run[]> {
  const delivery = await untilDecided(service.database.db, deliveryId)
  const mark = delivery.state === 'decided' ? paint(output, 'green', '✓') : paint(output, 'red', '✗')
  printer.print(
    `${mark} Jobs decided: ${delivery.decision}${delivery.state === 'decided' ? '' : ` (${delivery.reasons.join('; ')})`}`,
  )
  if (delivery.eventId === null) return []
  const pipelines = await listPipelinesOfEvent(service.database.db, delivery.eventId)
  const runIds = [...new Set(pipelines.map((p) => p.mergedRunId ?? p.id))]
  const last = new Map<string, Step>()
  const runs = await followRuns(runIds, service, {
    onStep(step) {
      last.set(step.key, step)
      printer.onStep(step)
    },
    onLog: () => {},
  })
  for (const step of last.values()) for (const line of causeLines(output, step)) printer.print(line)
  return runs
}

async function untilDecided(db: Parameters<typeof findDelivery>[0], id: number) {
  for (;;) {
    const delivery = await findDelivery(db, id)
    if (!delivery) throw new Error('the delivery is gone')
    if (delivery.state !== 'received') return delivery
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function closing({ url }: Started, runs: readonly Run[], output: Output): string[] {
  const lines: string[] = ['']
  for (const run of runs) {
    const state = run.pipelines[0]
    lines.push(
      `${paint(output, 'bold', 'Run')}         ${url}/pipeline/${run.id}${state?.reason ? `  (${state.reason})` : ''}`,
    )
    for (const { repoFile, commands } of installOf(run, `${url}/repos`)) {
      lines.push(
        `${paint(output, 'bold', 'Repository')}  ${repoFile}`,
        '',
        ...commands.map((command) => `  ${command}`),
      )
    }
  }
  return lines
}
