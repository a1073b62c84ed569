import { Command } from 'commander'
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import { tellSandbox, untilStopped } from './serve.ts'
import { start } from './start.ts'

export function workerCommand(): Command {
  return new Command('worker')
    .description('work the queue; pages, API and webhooks are served by "web" processes (needs PostgreSQL)')
    .action(work)
}

async function work(): Promise<void> {
  const config = readConfig()
  const log = pino({ level: config.logLevel, base: null })
  const started = await start(config, log, { say: (line) => log.info(line), role: 'worker' })
  log.info({ url: started.url, data: config.dataDir }, 'working')
  const stopped = untilStopped(started)
  tellSandbox(started, log).catch((err) => log.error({ err }, 'what the sandbox holds could not be found out'))
  await stopped
  log.info('stopped')
}
