import { ConfigError } from '../../domain/errors.ts'
import { nearest } from '../../domain/nearest.ts'
import { compilePattern, type Pattern } from '../../domain/pattern.ts'

export type Ranch = 'public' | 'redhat'

/** Architectures that each ranch has machines of. */
export const RANCH_ARCHES: Record<Ranch, readonly string[]> = {
  public: ['aarch64', 'x86_64'],
  redhat: ['aarch64', 'ppc64le', 's390x', 'x86_64'],
}

/** Which names a ranch has composes by. */
export interface Composes {
  has(name: string): boolean
  /** Names like one that it doesn't have. */
  nearest(name: string): string[]
}

/** The list that a ranch publishes: each entry is a name, or a regular expression for whole names. */
export function createComposes(names: readonly string[]): Composes {
  const literal = new Set(names)
  const expressions = names.filter((name) => /[*+?()[\]{}|\\^$]/.test(name))
  const patterns = new Set(expressions.flatMap((name) => orNone(() => compilePattern(name, { anchor: 'full' })) ?? []))
  const matches = (pattern: Pattern, name: string) => {
    const found = orNone(() => pattern.test(name))
    // it would hold up everything each time
    if (found === undefined) patterns.delete(pattern)
    return found === true
  }
  return {
    has: (name) => literal.has(name) || [...patterns].some((pattern) => matches(pattern, name)),
    nearest: (name) => nearest(name, literal),
  }
}

/** An entry that is no expression, or takes too long, matches nothing: it is Testing Farm's, not the packager's. */
function orNone<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

/** Distribution and architecture of `centos-stream-9-x86_64`. */
export function splitTarget(target: string): { distro: string; arch: string } {
  const at = target.lastIndexOf('-')
  return at < 1 ? { distro: target, arch: 'x86_64' } : { distro: target.slice(0, at), arch: target.slice(at + 1) }
}

/** The name of the compose that a distribution is tested on: itself where the ranch has it so, else as composes are spelled. */
export function composeOf(distro: string, ranch: Ranch, composes: Composes): string {
  if (composes.has(distro)) return distro
  const spelled = spell(distro)
  return ranch === 'redhat' ? ofInternalRanch(spelled) : spelled
}

/** `centos-stream-9` → `CentOS-Stream-9`. */
function spell(distro: string): string {
  const titled = distro
    .toLowerCase()
    .replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
  const named = titled
    .replace(/^Centos\b/, 'CentOS')
    .replace(/^Rhel\b/, 'RHEL')
    .replace(/^Oracle-?linux\b/i, 'Oracle-Linux')
    .replace(/-(Latest|Eln)$/, (end) => end.toLowerCase())
  return named === 'CentOS-Stream' ? 'CentOS-Stream-8' : named
}

/** There, releases have nightly and updated composes of their own. */
const INTERNAL: readonly [RegExp, string][] = [
  [/^Fedora-Rawhide$/, 'Fedora-Rawhide-Nightly'],
  [/^Fedora-(\d+)$/, 'Fedora-$1-Updated'],
  [/^CentOS-(\d+)$/, 'CentOS-$1-latest'],
  [/^RHEL-([67])$/, 'RHEL-$1-LatestReleased'],
  [/^RHEL-8$/, 'RHEL-8.5.0-Nightly'],
  [/^Oracle-Linux-7$/, 'Oracle-Linux-7.9'],
  [/^Oracle-Linux-8$/, 'Oracle-Linux-8.6'],
]

function ofInternalRanch(name: string): string {
  const found = INTERNAL.find(([pattern]) => pattern.test(name))
  return found ? name.replace(...found) : name
}
