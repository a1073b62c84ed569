import { Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import { openQueue } from '../jobs/queue.ts'
import { askOwner } from './control.ts'
import { type DataCommand, runDataCommand } from './data-commands.ts'
import { openDatabase } from './open-database.ts'

// commands on the data: through the service that holds it when there is one, else on the database itself

export function deliveriesCommand(): Command {
  return new Command('deliveries')
    .description('list what forges told the service, newest first, and what came of it')
    .option('--limit <number>', 'how many', wholeNumber, 20)
    .action(({ limit }: { limit: number }) => run({ name: 'deliveries', limit }))
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('decide a delivery again')
    .argument('<delivery>', 'id as `deliveries` lists it', wholeNumber)
    .action((id: number) => run({ name: 'replay', id }))
}

export function cancelCommand(): Command {
  return new Command('cancel')
    .description('cancel a run')
    .argument('<run>', 'id as its page has it', wholeNumber)
    .action((id: number) => run({ name: 'cancel', run: id }))
}

async function run(command: DataCommand): Promise<void> {
  const config = readConfig()
  const lines = config.databaseUrl ? undefined : await askOwner(config, command)
  for (const line of lines ?? (await runHere(command))) console.log(line)
}

async function runHere(command: DataCommand): Promise<string[]> {
  const { database, close } = await openDatabase(readConfig(), (line) => console.error(line))
  const queue = await openQueue(database, pino({ level: 'silent' }))
  try {
    return await runDataCommand(command, { database, queue })
  } finally {
    await queue.stop()
    await close()
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number is needed')
  return Number(text)
}
