import { findRequestByRunnerId } from '../db/tests.ts'
import type { TestDeps } from './deps.ts'

/** The runner says that something about a request changed: it is asked. */
export async function hintTest(
  { database, queue }: Pick<TestDeps, 'database' | 'queue'>,
  requestId: string,
): Promise<void> {
  const request = await findRequestByRunnerId(database.db, requestId)
  if (request) await queue.add(database.db, 'settle-test', { testRequestId: request.id, poll: false })
}
