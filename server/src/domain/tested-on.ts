import { splitArch, type TargetTable } from './targets.ts'

/** What a distribution is tested on where the configuration names nothing else. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'epel-6': 'centos-6',
  'epel-7': 'centos-7',
  'epel-8': 'centos-stream-8',
  'epel-9': 'centos-stream-9',
  'epel-10': 'centos-stream-10',
  // the chroot of branched minors of EPEL 10
  'rhel+epel-10': 'centos-stream-10',
}

/** The same on the internal test infrastructure, where it differs. */
const INTERNAL: Readonly<Record<string, string>> = { 'epel-6': 'rhel-6', 'epel-7': 'rhel-7', 'epel-8': 'rhel-8' }

export interface TestTargetOptions {
  /** `targets.<chroot>.distros` of the configuration; none = the default. */
  distros?: readonly string[] | undefined
  /** `use_internal_tf`. */
  isInternal: boolean
  /** Says which minors of EPEL are branched. */
  table: Pick<TargetTable, 'aliases'>
}

/**
 * Where the packages of a chroot are tested.
 *
 * @returns distributions (composes) with the chroot's architecture, each once: `centos-stream-9-x86_64`
 */
export function testTargets(chroot: string, { distros = [], isInternal, table }: TestTargetOptions): string[] {
  const [base, arch] = splitArch(chroot)
  const names = distros.length > 0 ? distros : [defaultDistro(base, isInternal, table)]
  return [...new Set(names.map((name) => `${name}-${arch}`))]
}

function defaultDistro(base: string, isInternal: boolean, table: Pick<TargetTable, 'aliases'>): string {
  if (isInternal) {
    const branched = /^rhel\+(epel-\d{2,})$/.exec(base)?.[1]
    const minor = branched && minorOf(branched, table)
    if (minor) return `rhel-${minor}-nightly`
    const internal = Object.hasOwn(INTERNAL, base) ? INTERNAL[base] : undefined
    if (internal) return internal
  }
  return (Object.hasOwn(DEFAULTS, base) ? DEFAULTS[base] : undefined) ?? base
}

/** The newest branched minor: all of them share one chroot. */
function minorOf(major: string, { aliases }: Pick<TargetTable, 'aliases'>): string | undefined {
  const alias = `${major}-branched`
  return (Object.hasOwn(aliases, alias) ? aliases[alias] : undefined)?.at(-1)?.name.replace(/^epel-/, '')
}
