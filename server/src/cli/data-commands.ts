import { addAudit, listAudit } from '../db/audit.ts'
import type { Db } from '../db/database.ts'
import { listDeliveries } from '../db/deliveries.ts'
import { findRun } from '../db/runs.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import { terminalText } from '../domain/escape.ts'
import { cancelRun } from '../jobs/cancel-run.ts'
import { replayDelivery } from '../jobs/replay-delivery.ts'
import type { Storage } from '../storage/storage.ts'
import { type AllowCommand, changeEntry, showAllowlist } from './allow-commands.ts'
import { type ExportCommand, exportData } from './archive/export-data.ts'
import { makeSetupLink, makeSignInLink } from './links.ts'
import type { Service } from './service.ts'
import { showTargets } from './show-targets.ts'
import { createToken, endToken, OPERATOR, showTokens, type TokenCommand } from './token-commands.ts'

/** A command on the data: run by the process that has the database open. */
export type DataCommand =
  | { name: 'deliveries'; limit: number }
  | { name: 'replay'; id: number }
  | { name: 'cancel'; run: number }
  | { name: 'audit'; limit: number; before: number | null }
  | { name: 'targets'; refresh: boolean }
  | { name: 'sign-in-link' }
  | { name: 'setup-link' }
  | ExportCommand
  | TokenCommand
  | AllowCommand

export interface DataDeps extends Pick<Service, 'database' | 'queue' | 'targets'> {
  now: () => Date
  /** How the service is reached; links to it are made of it. */
  base?: string
  apps?: Pick<Service['apps'], 'current' | 'path' | 'from'>
  storage?: Storage
  /** Fires when the process stops: what takes long is given up. */
  signal?: AbortSignal
}

/**
 * Runs a command and gives the lines to print.
 *
 * @throws {NotFoundError} when what it is about is not there
 * @throws {ConflictError} when it can't be done as things stand
 */
export async function runDataCommand(command: DataCommand, deps: DataDeps): Promise<string[]> {
  switch (command.name) {
    case 'deliveries':
      return showDeliveries(command.limit, deps)
    case 'replay':
      return replay(command.id, deps)
    case 'cancel':
      return cancel(command.run, deps)
    case 'audit':
      return showAudit(command, deps)
    case 'targets':
      return showTargets(command.refresh, deps.targets)
    case 'export':
      return exportData(command, deps)
    case 'token-create':
      return createToken(command, deps)
    case 'token-list':
      return showTokens(deps)
    case 'token-revoke':
      return endToken(command.token, deps)
    case 'sign-in-link':
      return showSignInLink(deps)
    case 'setup-link':
      return showSetupLink(deps)
    case 'allow-change':
      return changeEntry(command, deps)
    case 'allow-list':
      return showAllowlist(command.waiting, deps)
  }
}

async function showSignInLink(deps: DataDeps): Promise<string[]> {
  const link = await makeSignInLink(deps.base ?? '', deps)
  await write(deps, 'session.link', 'sign-in link', async () => true)
  return ['Signs one in with all rights, once, within a day:', link]
}

async function showSetupLink(deps: DataDeps): Promise<string[]> {
  const app = deps.apps?.current()
  if (app) {
    const where = deps.apps?.from() === 'settings' ? 'its settings away' : `${deps.apps?.path} away`
    const which = app.slug ?? `number ${app.appId}`
    throw new ConflictError(`the GitHub App ${which} is set up already: to make another, take ${where}`)
  }
  return ['Leads to the set-up of the GitHub App, once, within a day:', await makeSetupLink(deps.base ?? '', deps)]
}

async function showDeliveries(limit: number, { database }: DataDeps): Promise<string[]> {
  const rows = await listDeliveries(database.db, limit)
  if (rows.length === 0) return ['no deliveries yet']
  return rows.map(({ id, source, event, action, state, decision, reasons, receivedAt }) => {
    const what = [event, action].filter(Boolean).join(' ')
    return terminalText(
      `${id}  ${receivedAt.toISOString()}  ${source}  ${what}  ${decision ?? state}  ${reasons.join('; ')}`.trimEnd(),
    )
  })
}

async function replay(id: number, deps: DataDeps): Promise<string[]> {
  await write(deps, 'delivery.replay', `delivery ${id}`, (tx) => replayDelivery(tx, deps.queue, id))
  return [`delivery ${id} will be decided again`]
}

async function cancel(runId: number, deps: DataDeps): Promise<string[]> {
  const { database, queue, now } = deps
  if (!(await findRun(database.db, runId))) throw new NotFoundError(`there is no run ${runId}`)
  const any = await write(deps, 'run.cancel', `run ${runId}`, (tx) =>
    cancelRun(tx, queue, runId, 'cancelled by the operator', now()),
  )
  return [any ? `run ${runId} is cancelled` : `run ${runId} had ended already`]
}

/** A write of the operator, and its entry in the audit log; none where `work` found nothing to do (`false`). */
function write<T>({ database, now }: DataDeps, action: string, subject: string, work: (tx: Db) => Promise<T>) {
  return database.transaction(async (tx) => {
    const done = await work(tx)
    if (done !== false) await addAudit(tx, { actor: OPERATOR, action, subject, at: now() })
    return done
  })
}

async function showAudit(
  { limit, before }: Extract<DataCommand, { name: 'audit' }>,
  { database }: DataDeps,
): Promise<string[]> {
  const { rows } = await listAudit(database.db, {}, { limit, offset: 0, after: before ?? undefined })
  if (rows.length === 0) return [before === null ? 'nothing was written yet' : 'nothing older']
  const lines = rows.map(({ id, at, actor, action, subject, detail }) => {
    const when = new Date(at * 1000).toISOString()
    return terminalText([id, when, actor, action, subject, detail && JSON.stringify(detail)].filter(Boolean).join('  '))
  })
  const last = rows.at(-1)
  return rows.length === limit && last ? [...lines, `older ones: audit --before ${last.id}`] : lines
}
