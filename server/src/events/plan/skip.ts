import { posix } from 'node:path'
import type { JobView } from '../../domain/package-config/types.ts'
import type { PlanContext } from './context.ts'

const MARKER = /\[(?:skip ci|ci skip|packit skip|skip packit)\]/i

/** What a commit's message says in order to be passed over, as it is written there. */
export function findSkipMarker(message: string): string | undefined {
  return MARKER.exec(message)?.[0]
}

/**
 * Why a job that is part of an event is not set off by it; `undefined` when it is. Who asks for it by a command gets it
 * all the same.
 */
export function skipJob(view: JobView, isMonorepo: boolean, configPath: string, context: PlanContext) {
  const { selection, on, commitMessage, changedPaths } = context
  if (view.manual_trigger && !selection?.includeManual) return 'it runs only when it is asked for (manual_trigger)'
  if (selection || on === 'release') return undefined
  const marker = commitMessage === undefined ? undefined : findSkipMarker(commitMessage)
  if (marker) return `the message of its commit says ${marker}; a command runs it all the same`
  return isMonorepo && changedPaths ? refuseUnchanged(view, configPath, changedPaths) : undefined
}

/** Whether any package of a configuration is set off by changes of some folders alone. */
export function filtersPaths(packages: Readonly<Record<string, { paths: readonly string[] }>>): boolean {
  const all = Object.values(packages)
  return all.length > 1 && all.some(({ paths }) => foldersOf(paths).length > 0)
}

/** A package of a monorepo is left alone by what changes elsewhere. */
function refuseUnchanged(
  { options }: JobView,
  configPath: string,
  changedPaths: readonly string[],
): string | undefined {
  const folders = foldersOf(options.paths)
  if (folders.length === 0) return undefined
  const spec = options.specfile_path && posix.join(options.paths[0] ?? '.', options.specfile_path)
  const concerns = (path: string) =>
    path === configPath || path === spec || folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
  return changedPaths.some(concerns) ? undefined : `nothing below ${folders.join(', ')} was changed`
}

/** The folders of a package; none when it is the whole repository, or one of them leads out of it. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = paths.map((path) => posix.normalize(path).replace(/\/+$/, ''))
  const isWhole = folders.some((path) => path === '.' || path === '' || path.startsWith('..') || path.startsWith('/'))
  return isWhole ? [] : folders
}
