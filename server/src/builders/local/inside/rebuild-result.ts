/** What the program that rebuilds an SRPM is told. */
export interface RebuildInput {
  /** Path of the SRPM inside. */
  srpm: string
}

/** What it gives back. */
export interface RebuildOutput {
  /** Of rpmbuild. */
  exitCode: number
  packages: { file: string; name: string; epoch: number; version: string; release: string; arch: string }[]
}

/** How the first line of a log begins where build dependencies can't be checked. */
export const UNCHECKED = 'Build dependencies were not checked'

/** The only files that leave a build. */
export const RPM_NAME = /^[A-Za-z0-9_][A-Za-z0-9._+~^-]{0,240}\.rpm$/

const NAME_PART = /^[A-Za-z0-9._+~^-]{1,200}$/
/** Names stand in command lines that people copy: none looks like an option. */
const PACKAGE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._+~^-]{0,199}$/
/** More than one SRPM ever made. */
const MAX_PACKAGES = 2_000

/** The output, checked: it comes from ground where strangers' code ran. Undefined when it has another shape. */
export function parseRebuildOutput(output: unknown): RebuildOutput | undefined {
  if (!isRecord(output)) return undefined
  const { exitCode, packages } = output
  if (typeof exitCode !== 'number' || !Number.isInteger(exitCode)) return undefined
  if (!Array.isArray(packages) || packages.length > MAX_PACKAGES) return undefined
  const parsed = packages.map(parsePackage)
  return parsed.every((found) => found !== undefined) ? { exitCode, packages: parsed } : undefined
}

function parsePackage(value: unknown): RebuildOutput['packages'][number] | undefined {
  if (!isRecord(value)) return undefined
  const { file, name, epoch, version, release, arch } = value
  const parts = [name, version, release, arch]
  if (!parts.every((part): part is string => typeof part === 'string' && NAME_PART.test(part))) return undefined
  if (typeof name !== 'string' || !PACKAGE_NAME.test(name)) return undefined
  if (typeof file !== 'string' || !RPM_NAME.test(file)) return undefined
  if (typeof epoch !== 'number' || !Number.isSafeInteger(epoch) || epoch < 0) return undefined
  const [n = '', v = '', r = '', a = ''] = parts
  return { file, name: n, epoch, version: v, release: r, arch: a }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
