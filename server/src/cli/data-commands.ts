import { findDelivery, listDeliveries, reopenDelivery } from '../db/deliveries.ts'
import { findRun } from '../db/runs.ts'
import { NotFoundError } from '../domain/errors.ts'
import { terminalText } from '../domain/escape.ts'
import { cancelRun } from '../jobs/cancel-run.ts'
import type { Service } from './service.ts'

/** A command on the data: run by the process that has the database open. */
export type DataCommand =
  | { name: 'deliveries'; limit: number }
  | { name: 'replay'; id: number }
  | { name: 'cancel'; run: number }

type Deps = Pick<Service, 'database' | 'queue'>

/**
 * Runs a command and gives the lines to print.
 *
 * @throws {NotFoundError} when what it is about is not there
 */
export async function runDataCommand(command: DataCommand, deps: Deps): Promise<string[]> {
  if (command.name === 'deliveries') return showDeliveries(command.limit, deps)
  if (command.name === 'replay') return replay(command.id, deps)
  return cancel(command.run, deps)
}

async function showDeliveries(limit: number, { database }: Deps): Promise<string[]> {
  const rows = await listDeliveries(database.db, limit)
  if (rows.length === 0) return ['no deliveries yet']
  return rows.map(({ id, source, event, action, state, decision, reasons, receivedAt }) => {
    const what = [event, action].filter(Boolean).join(' ')
    return terminalText(
      `${id}  ${receivedAt.toISOString()}  ${source}  ${what}  ${decision ?? state}  ${reasons.join('; ')}`.trimEnd(),
    )
  })
}

async function replay(id: number, { database, queue }: Deps): Promise<string[]> {
  const delivery = await findDelivery(database.db, id)
  if (!delivery) throw new NotFoundError(`there is no delivery ${id}`)
  await database.transaction(async (tx) => {
    await reopenDelivery(tx, id)
    await queue.add(tx, 'decide-delivery', { deliveryId: id })
  })
  return [`delivery ${id} will be decided again`]
}

async function cancel(runId: number, { database, queue }: Deps): Promise<string[]> {
  if (!(await findRun(database.db, runId))) throw new NotFoundError(`there is no run ${runId}`)
  const any = await database.transaction((tx) => cancelRun(tx, queue, runId, 'cancelled by the operator', new Date()))
  return [any ? `run ${runId} is cancelled` : `run ${runId} had ended already`]
}
