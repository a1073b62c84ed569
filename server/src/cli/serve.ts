import { Command } from 'commander'
import { type Logger, pino } from 'pino'
import { readConfig } from '../config.ts'
import { makeSetupLink, makeSignInLink } from './links.ts'
import { type Started, start } from './start.ts'

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve pages, API and webhooks, and work the queue')
    .action(() => serve('serve'))
}

/** Runs the service, or the part that answers, until it is told to stop. */
export async function serve(role: 'serve' | 'web'): Promise<void> {
  const config = readConfig()
  const log = pino({ level: config.logLevel, base: null })
  const started = await start(config, log, { say: (line) => log.info(line), role })
  log.info({ url: started.url, data: config.dataDir }, 'serving')
  const { apps } = started.service
  if (!config.gitWebhookSecret && !apps.webhookSecret()) {
    log.warn('neither a GitHub App nor PACKIT_GIT_WEBHOOK_SECRET is set up: all deliveries are turned away')
  }
  // from here on a signal stops it in good order, also while it still looks at the machine
  const stopped = untilStopped(started)
  tellLinks(started, log).catch((err) => log.error({ err }, 'no links could be made'))
  if (role === 'serve')
    tellSandbox(started, log).catch((err) => log.error({ err }, 'what the sandbox holds could not be found out'))
  await stopped
  log.info('stopped')
}

/** The operator's ways in: whoever can read the log of the service runs it. */
async function tellLinks({ service, base }: Started, log: Logger): Promise<void> {
  const { apps, database, events } = service
  const deps = { database, now: events.now }
  const problem = apps.problem()
  if (problem) log.error(problem)
  else if (!apps.current()) log.info({ link: await makeSetupLink(base, deps) }, 'to set up a GitHub App, open this')
  log.info(
    { link: await makeSignInLink(base, deps) },
    'to sign in as the operator, open this; it is good once, for a day',
  )
}

export async function tellSandbox({ service }: Started, log: Logger): Promise<void> {
  const { findings } = await service.sandbox.describe()
  for (const { what, ok, advice } of findings)
    log[ok ? 'info' : 'warn']({ sandbox: what, ...(advice ? { advice } : {}) }, ok ? 'holds' : 'does not hold')
}

/** Waits for Ctrl-C or SIGTERM, then stops in good order. */
export async function untilStopped(started: Started): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  // a second Ctrl-C is for those who do not want to wait
  process.once('SIGINT', () => process.exit(130))
  await started.stop()
}
