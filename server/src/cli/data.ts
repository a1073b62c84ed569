import { Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import { ownUrlOf } from '../config/own-url.ts'
import { readConfig } from '../config.ts'
import { isScope, SCOPE_WORDS, SCOPES } from '../domain/token.ts'
import { openAppStore } from '../forges/github/app-store.ts'
import { openQueue } from '../jobs/queue.ts'
import { askOwner } from './control.ts'
import { type DataCommand, runDataCommand } from './data-commands.ts'
import { openDatabase } from './open-database.ts'
import { createTargetDeps } from './target-deps.ts'

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

export function tokenCommand(): Command {
  const scopes = Object.entries(SCOPES).map(([scope, what]) => `  ${scope}  ${what}`)
  return new Command('token')
    .description('make, list and revoke tokens for writes through the API')
    .addCommand(
      new Command('create')
        .description('make a token, and show it this once')
        .argument('<name>', 'what it is for, e.g. ci')
        .requiredOption('--scope <scope...>', `what it may do: ${SCOPE_WORDS.join(', ')}`, scope)
        .option('--expires <duration>', 'when it ends, e.g. 12h, 30d; without it never', lifetime)
        .addHelpText('after', `\nScopes:\n${scopes.join('\n')}`)
        .action((token: string, { scope: given, expires }: { scope: string[]; expires?: number }) =>
          run({ name: 'token-create', token, scopes: given, expiresInMs: expires ?? null }),
        ),
    )
    .addCommand(
      new Command('list').description('list all tokens, never their texts').action(() => run({ name: 'token-list' })),
    )
    .addCommand(
      new Command('revoke')
        .description('end a token at once')
        .argument('<token>', 'id or name as `token list` shows it')
        .action((token: string) => run({ name: 'token-revoke', token })),
    )
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('list the writes that were accepted, newest first')
    .option('--limit <number>', 'how many', wholeNumber, 50)
    .option('--before <id>', 'only those older than this one', wholeNumber)
    .action(({ limit, before }: { limit: number; before?: number }) =>
      run({ name: 'audit', limit, before: before ?? null }),
    )
}

export function targetsCommand(): Command {
  return new Command('targets')
    .description('list what aliases of targets stand for, and of which day that is')
    .option('--refresh', 'ask Bodhi and Copr first')
    .action(({ refresh = false }: { refresh?: boolean }) => run({ name: 'targets', refresh }))
}

export function signInLinkCommand(): Command {
  return new Command('sign-in-link')
    .description('print a link that signs one in to the pages with all rights, once')
    .action(() => run({ name: 'sign-in-link' }))
}

export function setupLinkCommand(): Command {
  return new Command('setup-link')
    .description('print a link to the set-up of the GitHub App, good once')
    .action(() => run({ name: 'setup-link' }))
}

const PATH = 'forge, forge/namespace or forge/namespace/repository, e.g. github.com/acme'

export function allowCommand(): Command {
  return new Command('allow')
    .description('let the service work for a namespace, a repository or a whole forge')
    .argument('<path>', PATH)
    .action((path: string) => run({ name: 'allow-change', path, status: 'approved' }))
}

export function denyCommand(): Command {
  return new Command('deny')
    .description('refuse a namespace, a repository, or an account and its pull requests; stronger than any allowance')
    .argument('<path>', PATH)
    .action((path: string) => run({ name: 'allow-change', path, status: 'denied' }))
}

export function forgetCommand(): Command {
  return new Command('forget')
    .description('remove an entry of the allowlist: what stands above it decides again')
    .argument('<path>', PATH)
    .action((path: string) => run({ name: 'allow-change', path, status: 'removed' }))
}

export function allowlistCommand(): Command {
  return new Command('allowlist')
    .description('list who may start work, and who may not')
    .option('--waiting', 'only those that wait to be decided')
    .action(({ waiting = false }: { waiting?: boolean }) => run({ name: 'allow-list', waiting }))
}

async function run(command: DataCommand): Promise<void> {
  const config = readConfig()
  const lines = config.databaseUrl ? undefined : await askOwner(config, command)
  for (const line of lines ?? (await runHere(command))) console.log(line)
}

async function runHere(command: DataCommand): Promise<string[]> {
  const config = readConfig()
  const now = () => new Date()
  const { database, close } = await openDatabase(config, (line) => console.error(line))
  const queue = await openQueue(database, pino({ level: 'silent' }))
  try {
    const base = ownUrlOf(config)
    const apps = openAppStore(config.dataDir, config.github)
    const targets = createTargetDeps(config, database, now)
    return await runDataCommand(command, { database, queue, now, targets, base, apps })
  } finally {
    await queue.stop()
    await close()
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number is needed')
  return Number(text)
}

function scope(word: string, before: string[] = []): string[] {
  if (!isScope(word)) throw new InvalidArgumentError(`it is one of ${SCOPE_WORDS.join(', ')}`)
  return [...before, word]
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `12h`, `30d` → milliseconds. */
function lifetime(text: string): number {
  const [, number, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  if (!number || !Number(number)) throw new InvalidArgumentError('a duration such as 90m, 12h or 30d is needed')
  return Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS]
}
