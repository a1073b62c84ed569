import { KEY_MS, removeOldKeys } from '../db/idempotency.ts'
import { removeOldOnceLinks } from '../db/once-links.ts'
import { hasNewerPublished } from '../db/published.ts'
import {
  forgetLogs,
  forgetPayloads,
  listExpiredLogs,
  listExpiredPayloads,
  listExpiredRepositories,
  markExpired,
  removeOldChanges,
} from '../db/retention.ts'
import { findRun } from '../db/runs.ts'
import { removeOldSessions } from '../db/sessions.ts'
import { headersKey } from '../domain/delivery-headers.ts'
import { newestRepositoryKey } from '../domain/repository.ts'
import type { BuildDeps } from './deps.ts'
import { noteGone } from './note-gone.ts'

/** How long what is kept, in days. */
export interface Keeping {
  keepDays: { closed: number; superseded: number; logs: number; payloads: number }
  keepMirrorBytes: number
}

const DAY_MS = 24 * 60 * 60_000

/** Removes what has outlived its keeping. Rows stay and say so; a repeat goes on where a crash left off. */
export async function removeExpired(deps: BuildDeps, { keepDays, keepMirrorBytes }: Keeping): Promise<void> {
  const before = (days: number) => new Date(deps.now().getTime() - days * DAY_MS)
  await removeRepositories(deps, { closed: before(keepDays.closed), superseded: before(keepDays.superseded) })
  await removeLogs(deps, before(keepDays.logs))
  await removePayloads(deps, before(keepDays.payloads))
  await deps.mirrors.evict(keepMirrorBytes)
  await removeOldChanges(deps.database.db, before(1))
  await removeOldKeys(deps.database.db, new Date(deps.now().getTime() - KEY_MS))
  await removeOldSessions(deps.database.db, deps.now())
  await removeOldOnceLinks(deps.database.db, deps.now())
  // last: it asks somebody who may be away
  await noteGone(deps)
}

async function removeRepositories(deps: BuildDeps, before: { closed: Date; superseded: Date }): Promise<void> {
  const { database, storage, now } = deps
  for (;;) {
    const expired = await listExpiredRepositories(database.db, before)
    if (expired.length === 0) return
    for (const { key, runId, name, pipelineId } of expired) {
      const run = await findRun(database.db, runId)
      const pipeline = run?.pipelines.find((p) => p.id === pipelineId)
      const targets = run?.targets.filter((t) => t.groupId === pipeline?.buildGroupId) ?? []
      const isNewest = pipeline !== undefined && !(await hasNewerPublished(database.db, pipeline))
      for (const target of targets) {
        if (isNewest) await storage.delete(newestRepositoryKey(name, target.target ?? ''))
        for (const file of target.files ?? []) await storage.delete(file.key)
      }
      await storage.delete(key)
    }
    await database.transaction((tx) =>
      markExpired(
        tx,
        expired.map((e) => e.pipelineId),
        now(),
      ),
    )
  }
}

async function removeLogs({ database, storage }: BuildDeps, before: Date): Promise<void> {
  for (;;) {
    const expired = await listExpiredLogs(database.db, before)
    const keys = [...expired.srpms, ...expired.targets].map(({ key }) => (isCopied(key) ? folderOf(key) : key))
    // beside the log of a test lies how it stood
    keys.push(...expired.tests.map(({ key }) => folderOf(key)))
    if (keys.length === 0) return
    for (const key of keys) await storage.delete(key)
    await database.transaction((tx) => forgetLogs(tx, expired))
  }
}

const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/'))

/** Beside a log that was copied may lie what was copied of it while it grew. */
const isCopied = (key: string) => key.startsWith('builds/copr/')

async function removePayloads({ database, storage }: BuildDeps, before: Date): Promise<void> {
  for (;;) {
    const expired = await listExpiredPayloads(database.db, before)
    if (expired.length === 0) return
    for (const { key } of expired) {
      await storage.delete(headersKey(key))
      await storage.delete(key)
    }
    await database.transaction((tx) =>
      forgetPayloads(
        tx,
        expired.map((e) => e.id),
      ),
    )
  }
}
