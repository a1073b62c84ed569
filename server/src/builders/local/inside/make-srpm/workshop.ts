import path from 'node:path'
import type { SrpmOptions } from '../../../../domain/srpm/options.ts'
import type { MakeSrpmInput, MakeSrpmResult, MakeSrpmStep, SrpmFailure } from '../../../../domain/srpm/step.ts'

/** What the program needs of the world outside: the sandbox, or a test. */
export interface Host {
  log(output: string | Uint8Array): void
  progress(progress: { step: MakeSrpmStep }): void | Promise<void>
  /** Has a file downloaded; gives its path. Rejects with the reason when that fails. */
  fetchInto(url: string): Promise<string>
  sendFile(name: string, path: string): void | Promise<void>
}

/** Folders on the disk, all absolute. */
export interface Places {
  mirror: string
  /** Empty folder to work in. */
  work: string
}

/** Everything the steps share. */
export interface Workshop {
  input: MakeSrpmInput
  options: SrpmOptions
  host: Host
  mirror: string
  /** The repository's work tree. */
  repo: string
  /** Where the package lies in it: the first of `paths`. Commands run here. */
  dir: string
  /** The spec file, absolute, and as a path from the repository's root. */
  specFile: string
  specPath: string
  /** Folder of the spec file: sources and patches belong here. */
  specDir: string
  /** Copies of ours, outside the work tree. */
  scratch: string
  /** Environment of every command. */
  env: Record<string, string>
  /** Options of rpm that define what it lacks here; asked once. */
  standIns?: Promise<string[]>
}

/** What a program can use of a failure, besides the message. */
type FailureDetails = Pick<MakeSrpmResult & { ok: false }, 'files' | 'action' | 'lacks'>

/** Ends the making of an SRPM with a reason that the packager reads. */
export class StepError extends Error {
  override name = 'StepError'
  readonly kind: SrpmFailure
  readonly details: FailureDetails
  constructor(kind: SrpmFailure, message: string, details: FailureDetails = {}) {
    super(message)
    this.kind = kind
    this.details = details
  }
}

/**
 * A path of the configuration, made absolute.
 *
 * @throws {StepError} `config` when it leads out of the folder it belongs to
 */
export function resolveInside(root: string, configured: string, key: string): string {
  const parts = configured.split('/')
  if (path.isAbsolute(configured) || parts.includes('..') || configured.includes('\0')) {
    throw new StepError(
      'config',
      `${key}: "${configured}" leads out of the repository. Give a path inside it, without "..".`,
    )
  }
  return path.join(root, configured)
}

/** Prints a heading into the log and tells the step. */
export async function beginStep(shop: Workshop, step: MakeSrpmStep, title: string): Promise<void> {
  say(shop, `==> ${title}`)
  await shop.host.progress({ step })
}

/** A line of ours in the log. */
export function say(shop: Pick<Workshop, 'host'>, line: string): void {
  shop.host.log(`${line}\n`)
}

/** The reason in an error of any kind, for a message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
