/** What the program that installs and looks at packages is told. */
export interface ExamineInput {
  /** Names of the files below `/in/rpms`. */
  files: string[]
  /** Names of SRPMs below `/in/srpms`: rpmlint looks at their spec files. */
  srpms: string[]
}

/** What it found. */
export interface Examination {
  packages: ExaminedPackage[]
  /** rpmlint's exit code, and all it printed. */
  rpmlint: { exitCode: number; output: string }
  /** What packages need that none of them has. */
  missing: { need: string; by: string }[]
  /** What else speaks against installing them together: files of two packages, packages that exclude each other. */
  conflicts: string[]
  /** The installation of those that miss nothing; null when there are none, or they exclude each other. */
  install: { exitCode: number; output: string } | null
  /** `name-version-release.arch` of what was installed in the end. */
  installed: string[]
}

export interface ExaminedPackage {
  file: string
  /** `name-[epoch:]version-release.arch`. */
  nevra: string
  /** The same without epoch, as rpm names packages in its messages. */
  nvra: string
}

/** How much text of each program comes out. */
export const MAX_OUTPUT_CHARS = 1_000_000
const MAX_ITEMS = 5_000
const MAX_TEXT_CHARS = 1_000

/** The result, checked: it comes from ground where strangers' scriptlets ran. Undefined when it has another shape. */
export function parseExamination(output: unknown): Examination | undefined {
  if (!isRecord(output)) return undefined
  const { install } = output
  const packages = listOf(output.packages, parsePackage)
  const rpmlint = parseRun(output.rpmlint)
  const missing = listOf(output.missing, parseMissing)
  const conflicts = listOf(output.conflicts, text)
  const installed = listOf(output.installed, text)
  const run = install === null ? null : parseRun(install)
  if (!packages || !rpmlint || !missing || !conflicts || !installed || run === undefined) return undefined
  return { packages, rpmlint, missing, conflicts, install: run, installed }
}

function parsePackage(value: unknown): ExaminedPackage | undefined {
  if (!isRecord(value)) return undefined
  const [file, nevra, nvra] = [text(value.file), text(value.nevra), text(value.nvra)]
  return file && nevra && nvra ? { file, nevra, nvra } : undefined
}

function parseMissing(value: unknown): { need: string; by: string } | undefined {
  if (!isRecord(value)) return undefined
  const [need, by] = [text(value.need), text(value.by)]
  return need && by ? { need, by } : undefined
}

function parseRun(value: unknown): { exitCode: number; output: string } | undefined {
  if (!isRecord(value)) return undefined
  const { exitCode, output } = value
  if (typeof exitCode !== 'number' || !Number.isInteger(exitCode) || typeof output !== 'string') return undefined
  return { exitCode, output: output.slice(0, MAX_OUTPUT_CHARS) }
}

function listOf<T>(value: unknown, parse: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_ITEMS) return undefined
  const parsed = value.map(parse)
  return parsed.every((item) => item !== undefined) ? parsed : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT_CHARS) : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
