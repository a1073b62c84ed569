import type { CheckRow } from '../db/events.ts'
import { ForbiddenError, NotFoundError } from '../domain/errors.ts'
import type { Forge, ForgeRepository, ShownCheck } from '../forges/forge.ts'
import { titleText } from './check-text.ts'
import type { NextStep } from './next-step.ts'

/** How a check ended up on the forge. */
export interface Brought {
  forgeId: string | null
  isStatus: boolean
  /** Why it is not to be seen there; null when it is. */
  waitsFor: string | null
  /** Neither checks nor statuses may be written. */
  isRefused: boolean
}

/** The longest description that GitHub takes for a status. */
const MOST_STATUS_CHARS = 140

/**
 * Shows a check as well as the forge lets us: as a check, else as a status of the commit, else not at all.
 *
 * @throws {UnavailableError} when the forge can't take it now; it may have taken it nevertheless
 * @throws {NotFoundError} when the repository, or our access to it, is gone
 */
export async function bringCheck(
  forge: Forge,
  repository: ForgeRepository,
  row: CheckRow,
  check: ShownCheck,
  step: NextStep & { do: 'show' },
): Promise<Brought> {
  // an attempt that had to do without asks again: permissions may have been given
  const isKnown = row.isStatus && row.shownAttempt === row.attempt
  try {
    if (!isKnown) {
      const forgeId = await asCheck(forge, repository, row, check, step)
      return { forgeId, isStatus: false, waitsFor: null, isRefused: false }
    }
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error
  }
  if (isKnown && row.waitsFor !== null && row.waitsUntil === null) return refused(row.waitsFor)
  try {
    const output = { ...check.output, title: titleText(check.output.title, MOST_STATUS_CHARS) }
    await forge.setStatus(repository, { ...check, output })
    return { forgeId: null, isStatus: true, waitsFor: null, isRefused: false }
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error
    return refused(error.message)
  }
}

function refused(waitsFor: string): Brought {
  return { forgeId: null, isStatus: true, waitsFor, isRefused: true }
}

async function asCheck(
  forge: Forge,
  repository: ForgeRepository,
  row: CheckRow,
  check: ShownCheck,
  { isNew, isUnsure }: NextStep & { do: 'show' },
): Promise<string> {
  if (!isNew && row.forgeId !== null) {
    try {
      await forge.updateCheck(repository, row.forgeId, check)
      return row.forgeId
    } catch (error) {
      // somebody removed it, or the repository is gone: making it anew tells which
      if (!(error instanceof NotFoundError)) throw error
    }
  }
  const there = isUnsure ? await forge.findCheck(repository, check) : undefined
  // the one of the attempt before is not the one that may have been made
  if (there === undefined || there === row.forgeId) return forge.createCheck(repository, check)
  await forge.updateCheck(repository, there, check)
  return there
}
