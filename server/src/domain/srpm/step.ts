import type { SrpmInput } from '../srpm-input.ts'
import type { UpstreamRef } from './upstream.ts'

/** Who writes changelog entries of SRPMs that are made for us, wherever that is. */
export const PACKAGER = 'Packit Service <packit@localhost>'

/** What the program that makes an SRPM is told; plain JSON. The commits lie in the mirror that is mounted beside it. */
export interface MakeSrpmInput {
  /** Key of the package in the configuration. */
  package: string
  /** The package's settings, normalized, under their names in the configuration; missing ones have their defaults. */
  options: object
  event: 'pull_request' | 'commit' | 'release'
  headSha: string
  /** The branch that is checked out, and named in the release: `pr/12`, `main`. Without it the whole hash stands there. */
  branch: string | null
  /** Merged with the head when `merge` is set. */
  baseSha: string | null
  baseRef: string | null
  merge: boolean
  /** The tag of a release. */
  tag: string | null
  /** Only tags that this revision contains count as versions; all count when it is null. */
  mergedRef: string | null
  /** What `upstream_ref` means, where it isn't tags: branches that the mirror has as commits only. */
  upstream?: UpstreamRef[]
  /** Overrides `update_release`. */
  updateRelease: boolean | null
  /** The pipeline's creation, ISO 8601 in UTC with up to six digits of a second's fraction. */
  createdAt: string
  /** Author and committer time of commits made here, ISO 8601. */
  commitTime: string
  /** `Name <address>` for the changelog. */
  packager: string
}

/** Why there is no SRPM; who can mend it follows from it. */
export const SRPM_FAILURES = [
  'merge-conflict',
  'missing-commit',
  'spec-missing',
  'config',
  'action-failed',
  'version',
  'archive',
  'source-download',
  'rpmbuild',
] as const
export type SrpmFailure = (typeof SRPM_FAILURES)[number]

/** The SRPM that was made. */
export interface MadeSrpm {
  /** Name of the file. */
  file: string
  nvr: string
  name: string
  epoch: number
  version: string
  release: string
}

export type MakeSrpmResult =
  | {
      ok: true
      srpm: MadeSrpm
      /** Path of the spec file in the repository. */
      spec: string
      /** What the package needs to be built, e.g. `gcc`, `cmake >= 3.20`. */
      buildRequires: string[]
      /** The commit that was packaged: the head, or its merge with the base. */
      commit: string
    }
  | {
      ok: false
      kind: SrpmFailure
      /** A sentence or more for the packager. */
      message: string
      /** The files in conflict. */
      files?: string[]
      /** The action that failed. */
      action?: string
      /** What this machine lacks, not the project: `program meson`, `macro %forgemeta`. */
      lacks?: string
    }

/** What the program tells while it works. */
export interface MakeSrpmProgress {
  step: MakeSrpmStep
}
export const MAKE_SRPM_STEPS = [
  'checkout',
  'merge',
  'post-upstream-clone',
  'version',
  'archive',
  'patches',
  'spec',
  'sources',
  'post-modifications',
  'rpmbuild',
] as const
export type MakeSrpmStep = (typeof MAKE_SRPM_STEPS)[number]

/** Where the program finds the mirror. */
export const MIRROR_PATH = '/in/mirror.git'

/** The only file the program hands out. */
export const SRPM_FILE = /^[A-Za-z0-9._+~^-]{1,250}\.src\.rpm$/

/** The program's input from what was settled when the pipeline was made. */
export function toMakeSrpmInput(settled: SrpmInput, packager: string): MakeSrpmInput {
  const isPullRequest = settled.on === 'pull_request'
  return {
    package: settled.package,
    options: settled.options,
    event: settled.on,
    headSha: settled.headSha,
    branch: settled.on === 'release' ? null : settled.number !== null ? `pr/${settled.number}` : settled.headRef,
    baseSha: settled.baseSha,
    baseRef: settled.baseRef,
    merge: settled.merge && isPullRequest,
    tag: settled.on === 'release' ? settled.headRef : null,
    mergedRef: isPullRequest ? settled.baseSha : settled.headSha,
    upstream: settled.upstream ?? [],
    updateRelease: settled.on === 'release' ? false : null,
    createdAt: settled.createdAt,
    commitTime: settled.createdAt,
    packager,
  }
}

/**
 * What the program gave back, checked: it comes from ground where strangers' code ran.
 *
 * @returns undefined when it has another shape
 */
export function parseMakeSrpmResult(output: unknown): MakeSrpmResult | undefined {
  if (!isRecord(output)) return undefined
  if (output.ok === true) return parseSuccess(output)
  const { kind, message, files, action, lacks } = output
  const known = SRPM_FAILURES.find((failure) => failure === kind)
  if (output.ok !== false || !known || typeof message !== 'string') return undefined
  return {
    ok: false,
    kind: known,
    message: storable(message, 10_000),
    ...(isTexts(files) && { files: files.slice(0, 1000).map((file) => storable(file, 1000)) }),
    ...(typeof action === 'string' && { action: storable(action, 100) }),
    ...(typeof lacks === 'string' && { lacks: storable(lacks, 200) }),
  }
}

/** A text as a database can hold it: without NUL and halves of characters. */
function storable(text: string, max: number): string {
  return text.replaceAll('\0', '').slice(0, max).toWellFormed()
}

function parseSuccess(output: Record<string, unknown>): MakeSrpmResult | undefined {
  const { spec, buildRequires, commit } = output
  const srpm = parseMadeSrpm(output.srpm)
  if (!srpm || typeof spec !== 'string' || !isTexts(buildRequires)) return undefined
  if (typeof commit !== 'string' || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined
  return { ok: true, srpm, spec: storable(spec, 1000), buildRequires: buildRequires.slice(0, 5000), commit }
}

const NAME_PART = /^[A-Za-z0-9._+~^-]{1,200}$/

function parseMadeSrpm(srpm: unknown): MadeSrpm | undefined {
  if (!isRecord(srpm)) return undefined
  const { file, name, epoch, version, release } = srpm
  const parts = [name, version, release]
  if (!parts.every((part): part is string => typeof part === 'string' && NAME_PART.test(part))) return undefined
  if (typeof file !== 'string' || !SRPM_FILE.test(file)) return undefined
  if (typeof epoch !== 'number' || !Number.isInteger(epoch) || epoch < 0) return undefined
  const [n = '', v = '', r = ''] = parts
  return { file, nvr: `${n}-${v}-${r}`, name: n, epoch, version: v, release: r }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** A report of the program's progress, checked; undefined when it has another shape. */
export function parseMakeSrpmProgress(progress: unknown): MakeSrpmProgress | undefined {
  const step = isRecord(progress) && MAKE_SRPM_STEPS.find((known) => known === progress.step)
  return step ? { step } : undefined
}
