import { UnavailableError } from '../domain/errors.ts'
import { doubtTargetLists, mergeReleases, type TargetLists } from '../domain/target-table.ts'
import type { TargetSource } from './source.ts'

const RETRY_AFTER_MS = 10 * 60_000

/**
 * Reads the lists anew.
 *
 * @param known  those in force: what has left them is still known by name
 * @throws {UnavailableError} when a source is away, or what it says can't be believed
 */
export async function readTargetLists(
  source: TargetSource,
  known: TargetLists,
  now: Date,
  signal?: AbortSignal,
): Promise<TargetLists> {
  const listed = await source.listReleases(signal)
  const chroots = await source.listChroots(signal)
  const { copr } = source
  const releases = mergeReleases(listed, known.releases)
  const fresh = { readAt: now.toISOString(), releases, chroots, ...(copr === undefined ? {} : { copr }) }
  const doubt = doubtTargetLists(fresh, known)
  if (doubt) throw new UnavailableError(`the lists of targets are not believed: ${doubt}`, RETRY_AFTER_MS)
  return fresh
}
