import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceTask, WantedCommit } from '../../../../domain/srpm/source-task.ts'
import { ProgramError, runProgram } from './run-program.ts'

/** A commit that isn't in its repository any more. */
export class GoneError extends Error {
  override name = 'GoneError'
}

/** A server that is busy for a moment must not end a build. */
const PAUSES_MS = [2_000, 10_000, 30_000]

/**
 * Makes the bare mirror that an SRPM is made from: the wanted commits, and the tags of the base repository.
 *
 * @throws {GoneError} when one of the commits is not to be had any more
 */
export async function makeMirror(mirror: string, { tagsFrom, commits }: Omit<SourceTask, 'input'>): Promise<void> {
  await runProgram('git', ['init', '--quiet', '--bare', '--template=', mirror])
  console.log(`==> Fetch of ${tagsFrom}`)
  await fetchRefs(mirror, tagsFrom, ['+refs/tags/*:refs/tags/*'])
  for (const wanted of commits) {
    console.log(`==> Fetch of ${wanted.sha} from ${wanted.url}`)
    await fetchCommit(mirror, wanted)
  }
}

async function fetchCommit(mirror: string, { url, sha, ref }: WantedCommit): Promise<void> {
  const isThere = () => succeeds(['-C', mirror, 'cat-file', '-e', `${sha}^{commit}`])
  const keep = `+${sha}:refs/packit/commits/${sha}`
  try {
    await fetchRefs(mirror, url, [keep])
  } catch (error) {
    // some servers give only what a ref names
    if (!(error instanceof ProgramError && isRefused(error))) throw error
    for (const [index, name] of refsFor(ref).entries())
      if (!(await isThere())) await fetchRefs(mirror, url, [`+${name}:refs/packit/refs/${index}`]).catch(unlessRefused)
  }
  if (!(await isThere())) throw new GoneError(`commit ${sha} is no longer in ${url}`)
  await runProgram('git', ['-C', mirror, 'update-ref', `refs/packit/commits/${sha}`, sha])
}

/** A name without `refs/` is a branch, else a tag. */
function refsFor(ref: string | null): string[] {
  if (ref === null || ref === '') return []
  return ref === 'HEAD' || ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`]
}

async function fetchRefs(mirror: string, url: string, refspecs: readonly string[]): Promise<void> {
  const options = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--force']
  for (const pauseMs of [...PAUSES_MS, undefined]) {
    try {
      await runProgram('git', ['-C', mirror, ...options, '--', url, ...refspecs])
      return
    } catch (error) {
      if (pauseMs === undefined || (error instanceof ProgramError && isRefused(error))) throw error
      console.log(`${(error as Error).message}\nIt is tried again in ${pauseMs / 1000} s.`)
      await sleep(pauseMs)
    }
  }
}

/** What git says of a commit or ref that a server does not give. */
function isRefused({ output }: ProgramError): boolean {
  return /couldn't find remote ref|not our ref|unadvertised object|Server does not allow request/i.test(output)
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof ProgramError && isRefused(error))) throw error
}

function succeeds(args: readonly string[]): Promise<boolean> {
  return runProgram('git', args).then(
    () => true,
    () => false,
  )
}
