import type { MadeSrpm, SrpmFailure } from '../builders/srpm-maker.ts'
import { findSourceResult } from '../domain/srpm/source-result.ts'
import type { Storage } from '../storage/storage.ts'
import { describeEnd } from './describe-end.ts'
import { findStoredCause } from './find-stored-cause.ts'
import type { EndedSrpm } from './settle-srpm.ts'

/** How an SRPM ended that could not be made in the sandbox of a machine of ours. */
export async function explainFailure(
  storage: Storage,
  logKey: string,
  made: MadeSrpm & { ok: false },
): Promise<EndedSrpm> {
  if (made.end === 'canceled') return { state: 'canceled', reason: 'cancelled', cause: null }
  const step = { kind: 'srpm' as const, end: made.end, ...(made.failure ? { failure: made.failure } : {}) }
  const cause = await findStoredCause(storage, logKey, step)
  if (made.failure?.kind === 'merge-conflict') return { ...CONFLICT, cause }
  if (made.failure?.lacks) return { state: 'error', reason: `this machine lacks the ${made.failure.lacks}`, cause }
  return { state: made.end === 'crashed' ? 'error' : 'failure', reason: describeEnd(made.end) ?? cause.summary, cause }
}

/** A conflict is no fault of the change alone: it ends neutral, with the files named. */
const CONFLICT = { state: 'skipped', reason: 'Merge conflicts present' } as const

/** So much of the end of a log is looked through for what our program said last. */
const END_BYTES = 2 ** 20

/** The same for one that a builder could not make elsewhere: its log is all that there is of it. */
export async function explainSourceFailure(storage: Storage, logKey: string): Promise<EndedSrpm> {
  const log = await storage.range(logKey, -END_BYTES, END_BYTES)
  const result = findSourceResult(log?.data.toString() ?? '')
  if (result?.ok) return { state: 'error', reason: 'Copr could not take in the SRPM that was made', cause: null }
  const failure = result && withAdvice(result)
  const cause = await findStoredCause(storage, logKey, { kind: 'srpm', ...(failure ? { failure } : {}) })
  if (result?.kind === 'merge-conflict') return { ...CONFLICT, cause }
  if (result?.kind === 'missing-commit') return { state: 'canceled', reason: result.message, cause: null }
  return { state: 'failure', reason: cause.summary, cause }
}

/** What is missing elsewhere is not for an operator to install: the packager names it. */
function withAdvice({ lacks, ...failure }: SrpmFailure): SrpmFailure {
  if (lacks === undefined) return failure
  return { ...failure, message: `${failure.message} Name the package that has the ${lacks} in srpm_build_deps.` }
}
