import { posix } from 'node:path'
import type { Run } from '../db/runs.ts'
import type { Cause, CauseKind } from '../domain/cause/cause.ts'
import type { CheckAnnotation } from '../domain/check.ts'
import { readConfigNotes } from '../domain/config-notes.ts'
import { plainText } from '../domain/escape.ts'
import type { PackageOptions } from '../domain/package-config/types.ts'
import type { Plan } from '../domain/plan.ts'
import type { TestCaseResult } from '../domain/test-result.ts'

/** As many as forges take with one request. */
const MOST_ANNOTATIONS = 50
const MOST_MESSAGE_CHARS = 4000
const MOST_TITLE_CHARS = 200

/** What is wrong with the package configuration, each thing at its line. */
export function annotateConfig({ problem, configPath, warnings }: Plan): CheckAnnotation[] {
  if (configPath === null) return []
  const errors =
    problem?.kind === 'config' ? annotate(configPath, problem.summary, 'failure', 'Invalid configuration') : []
  const remarks = warnings.flatMap((text) => annotate(configPath, text, 'warning', 'Package configuration'))
  return [...errors, ...remarks].slice(0, MOST_ANNOTATIONS)
}

function annotate(path: string, text: string, level: CheckAnnotation['level'], title: string): CheckAnnotation[] {
  return readConfigNotes(path, text).flatMap(({ message, line }) =>
    line === null
      ? []
      : [
          {
            path,
            startLine: line,
            endLine: line,
            level,
            title,
            message: plainText(message).slice(0, MOST_MESSAGE_CHARS),
          },
        ],
  )
}

/** Failures that rpmbuild tells by a line of the spec file. */
const OF_SPEC: readonly CauseKind[] = ['spec-syntax', 'changelog', 'macro-undefined', 'source-missing']

/** The lines of the spec file that a failure names. */
export function annotateSpec(cause: Cause, run: Run): CheckAnnotation[] {
  const path = specPath(run.srpm?.input?.options)
  if (path === undefined || !OF_SPEC.includes(cause.kind)) return []
  const file = posix.basename(path)
  const found = new Map<number, CheckAnnotation>()
  for (const { text } of cause.lines) {
    const line = readSpecLine(text, file)
    if (line === undefined || found.has(line)) continue
    const message = plainText(text).trim().slice(0, MOST_MESSAGE_CHARS)
    found.set(line, { path, startLine: line, endLine: line, level: 'failure', title: 'Spec file', message })
  }
  return [...found.values()].slice(0, MOST_ANNOTATIONS)
}

/** `error: /builddir/build/SPECS/hello.spec:6: …` or `error: line 6: …` */
function readSpecLine(text: string, file: string): number | undefined {
  const at = text.indexOf(`${file}:`)
  const before = text[at - 1]
  const number =
    at >= 0 && (before === undefined || before === '/' || before === ' ')
      ? /^([1-9]\d{0,6})\b/.exec(text.slice(at + file.length + 1))?.[1]
      : /^error: line ([1-9]\d{0,6}):/.exec(text.trim())?.[1]
  return number === undefined ? undefined : Number(number)
}

/**
 * What tests found in the spec file, each thing at its line, without a line at the first. What lies elsewhere is no file of the
 * repository that is known, and is not remarked.
 *
 * @param options  of the tested package: where its spec file is
 */
export function annotateFindings(
  found: readonly TestCaseResult[],
  options: Pick<PackageOptions, 'paths' | 'specfile_path'> | undefined,
): CheckAnnotation[] {
  const path = specPath(options)
  if (path === undefined) return []
  const names = [path, posix.basename(path)]
  return found
    .filter(({ place }) => place !== null && names.includes(place.path))
    .slice(0, MOST_ANNOTATIONS)
    .map(({ suite, name, message, result, place }) => ({
      path,
      startLine: place?.line ?? 1,
      endLine: place?.line ?? 1,
      level: result === 'info' ? ('warning' as const) : ('failure' as const),
      title: plainText([suite, name].filter(Boolean).join(': ')).slice(0, MOST_TITLE_CHARS),
      message: plainText(message ?? name).slice(0, MOST_MESSAGE_CHARS),
    }))
}

/** Where the spec file lies in the repository; `undefined` when the configuration does not say it, or names a place outside. */
function specPath(options: Pick<PackageOptions, 'paths' | 'specfile_path'> | undefined): string | undefined {
  if (!options?.specfile_path) return undefined
  const path = posix.normalize(posix.join(options.paths[0] ?? '.', options.specfile_path))
  return path.startsWith('../') || posix.isAbsolute(path) ? undefined : path
}
