import { sanitizeVersion } from './version.ts'

/** What goes into the name of a build that isn't a release. */
export interface Snapshot {
  /** 20 digits: year to microseconds, UTC. */
  timestamp: string
  /** The branch checked out, or the whole hash when none is. */
  branch: string
  /** What `git describe --tags --long` says; null without a tag. */
  describe: string | null
}

/** What the release of a build is made of. */
export interface ReleaseParts {
  /** The value of the tag as written. */
  rawRelease: string
  /** The same with all macros expanded and an empty dist. */
  expandedRelease: string
  releaseSuffix: string | null
  versionSuffix: string | null
  updateRelease: boolean
  /** The version before its suffix. */
  version: string
  /** Variables of the action `fix-spec-file` that are known already; those below are added. */
  variables: Readonly<Record<string, string>>
  snapshot: Snapshot
}

export interface NewRelease {
  version: string
  /** The new raw value of Release, dist macro included; the old one when it isn't updated. */
  release: string
  /** All variables that templates and the action `fix-spec-file` see. */
  variables: Record<string, string>
}

/** A time as the 20 digits of a snapshot: `20240102030405123456`. `iso` is UTC, with up to six digits of a second's fraction. */
export function timestampDigits(iso: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z$/.exec(iso)
  if (!match) throw new RangeError(`not a time in UTC: ${iso}`)
  return match.slice(1, 7).join('') + (match[7] ?? '').slice(0, 6).padEnd(6, '0')
}

/** `<timestamp>.<branch>[.<commits since the tag>.g<hash>]` */
export function snapshotId({ timestamp, branch, describe }: Snapshot): string {
  const since = describe === null ? [] : describe.split('-').slice(-2)
  return [timestamp, sanitizeVersion(branch), ...since].join('.')
}

/**
 * The version and release of a build. Without a suffix the release is the number of the spec file's and the snapshot; a
 * plain suffix stands behind the number; one that names a variable is a template for the whole.
 *
 * @throws {RangeError} for a placeholder that isn't known, naming it
 */
export function makeRelease(parts: ReleaseParts): NewRelease {
  const base = /^[^.]*/.exec(withoutDist(parts.expandedRelease))?.[0] ?? ''
  const snapshot = snapshotId(parts.snapshot)
  const variables: Record<string, string> = {
    ...parts.variables,
    PACKIT_PROJECT_VERSION: parts.version,
    PACKIT_PROJECT_BRANCH: sanitizeVersion(parts.snapshot.branch),
    PACKIT_PROJECT_SNAPSHOTID: snapshot,
    PACKIT_RPMSPEC_VERSION: parts.version,
    PACKIT_RPMSPEC_RELEASE: `${base}.${snapshot}`,
  }

  const version = parts.version + expandTemplate(parts.versionSuffix ?? '', variables, 'version_suffix')
  variables.PACKIT_RPMSPEC_VERSION = version
  const release = wantedRelease(base, parts.releaseSuffix ?? '', variables)
  if (!isTemplate(parts.releaseSuffix ?? '', variables)) variables.PACKIT_RPMSPEC_RELEASE = release
  return { version, release: parts.updateRelease ? withDist(release, parts.rawRelease) : parts.rawRelease, variables }
}

function wantedRelease(base: string, suffix: string, variables: Readonly<Record<string, string>>): string {
  if (suffix === '') return variables.PACKIT_RPMSPEC_RELEASE ?? base
  return isTemplate(suffix, variables) ? expandTemplate(suffix, variables, 'release_suffix') : `${base}.${suffix}`
}

function isTemplate(suffix: string, variables: Readonly<Record<string, string>>): boolean {
  return Object.keys(variables).some((name) => suffix.includes(name))
}

const DIST = /%(?:\{\??dist\}|\??dist\b)/

function withoutDist(release: string): string {
  return release.replace(new RegExp(`${DIST.source}.*$`), '')
}

/** Puts the dist macro behind a release once, in the spelling that the old value has at its end. */
export function withDist(release: string, rawRelease: string): string {
  if (new RegExp(`${DIST.source}$`).test(release)) return release
  const kept = new RegExp(`(${DIST.source})(?:\\.\\d+)?$`).exec(rawRelease)?.[1]
  return release + (kept ?? '%{?dist}')
}

/**
 * Fills in a template in the manner of Python's `format`: `{NAME}`, braces doubled to stand for themselves.
 *
 * @param key  the configuration's key, for the message
 * @throws {RangeError} for an unknown name or a single brace
 */
export function expandTemplate(template: string, values: Readonly<Record<string, string>>, key: string): string {
  return template.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found, name?: string) => {
    if (found === '{{' || found === '}}') return found.slice(1)
    const value = name === undefined ? undefined : values[name]
    if (value !== undefined) return value
    if (name === undefined)
      throw new RangeError(`${key}: single "${found}" in "${template}"; write it twice to mean itself.`)
    throw new RangeError(`${key}: unknown placeholder {${name}}. Known are: ${Object.keys(values).sort().join(', ')}.`)
  })
}
