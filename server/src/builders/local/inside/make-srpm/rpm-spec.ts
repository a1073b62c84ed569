import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { decodeSpec, encodeSpec, lineEnd, type SpecText } from '../../../../domain/spec-file/lines.ts'
import { findSetupMacros, type SetupMacro } from '../../../../domain/spec-file/prep.ts'
import { numberTags } from '../../../../domain/spec-file/sources.ts'
import { findTags, mainTags, pickTag, type Tag } from '../../../../domain/spec-file/tags.ts'
import { STAND_IN_PROBE, standInsFor } from '../stand-ins.ts'
import { CommandError, run } from './run.ts'
import { StepError, type Workshop } from './workshop.ts'

/** What rpm makes of a spec file here: macros expanded, conditions decided, the dist macro empty. */
export interface EvaluatedSpec {
  epoch: string
  version: string
  release: string
  /** Whether a tag counts, or stands in a branch that isn't taken. */
  isLive(tag: Tag): boolean
  isLiveMacro(macro: SetupMacro): boolean
  /** What the sources and patches that count are, by their number, addresses included. */
  sources: { kind: 'source' | 'patch'; number: number; location: string }[]
}

/** Reads the spec file as text to edit. It is read anew before each edit, since any command may have replaced it. */
export async function readSpec(shop: Workshop): Promise<SpecText> {
  return decodeSpec(await readFile(shop.specFile))
}

export async function writeSpec(shop: Workshop, spec: SpecText): Promise<void> {
  await writeFile(shop.specFile, encodeSpec(spec))
}

const MARK = 'packit-mark-'

/**
 * Evaluates a spec file with `rpmspec`. To learn which of its tags count, a copy is read in which a mark stands before
 * each of them: the marks that remain in the expanded text are those of the branches taken, and behind each stands the
 * tag with its value expanded.
 *
 * @throws {StepError} `rpmbuild` with rpm's message when it can't be parsed
 */
export async function evaluateSpec(shop: Workshop, spec: SpecText): Promise<EvaluatedSpec> {
  const tags = findTags(spec).filter((tag) => tag.section !== 'patchlist' && isOfInterest(tag))
  const macros = findSetupMacros(spec)
  const expanded = await parseSpec(shop, spec, withMarks(spec, tags, macros))
  const values = readMarks(expanded)
  const isLive = (tag: Tag) => tag.section === 'patchlist' || values.has(tag.line.start)

  const markedValue = (kind: string) => {
    const tag = pickTag(mainTags(tags, kind), isLive)
    return tag && (values.get(tag.line.start) ?? (isLive(tag) ? '' : undefined))
  }
  const found = findTags(expanded).filter((tag) => !tag.value.startsWith(MARK))
  const plain = (kind: string) => pickTag(mainTags(found, kind))?.value ?? ''
  return {
    epoch: markedValue('epoch') ?? plain('epoch'),
    version: markedValue('version') ?? plain('version'),
    release: markedValue('release') ?? plain('release'),
    isLive,
    isLiveMacro: (macro) => values.has(macro.line.start),
    sources: (['source', 'patch'] as const).flatMap((kind) =>
      numberTags(found, kind).map(({ tag, number }) => ({ kind, number, location: tag.value })),
    ),
  }
}

function isOfInterest({ kind }: Tag): boolean {
  return ['epoch', 'version', 'release', 'source', 'patch'].includes(kind)
}

/** The mark of a line carries the offset of that line in the text without marks. */
function withMarks(spec: SpecText, tags: readonly Tag[], macros: readonly SetupMacro[]): SpecText {
  const marks = new Map<number, string>()
  for (const { line, wrapper, section } of tags) {
    const mark = section === 'sourcelist' ? `${MARK}${line.start}` : `BuildRequires: ${MARK}${line.start}`
    marks.set(line.start, (wrapper?.before ?? '') + mark + (wrapper?.after ?? ''))
  }
  for (const { line } of macros) marks.set(line.start, `: ${MARK}${line.start}`)

  let marked = ''
  let last = 0
  for (const [offset, mark] of [...marks].sort(([a], [b]) => a - b)) {
    marked += spec.slice(last, offset) + mark + lineEnd(spec)
    last = offset
  }
  return marked + spec.slice(last)
}

/** Offset of each line whose mark remains → the value behind it, `''` if it isn't a tag. */
function readMarks(expanded: string): Map<number, string> {
  const lines = expanded.split('\n')
  const values = new Map<number, string>()
  for (const [index, line] of lines.entries()) {
    const offset = new RegExp(`${MARK}(\\d+)\\s*$`).exec(line)?.[1]
    if (offset === undefined) continue
    const next = lines[index + 1] ?? ''
    values.set(Number(offset), /^\s*\w+\s*:\s*(.*?)\s*$/.exec(next)?.[1] ?? '')
  }
  return values
}

/** How many missing files are made up before rpm's complaint is taken for final. */
const MAX_DUMMIES = 20

async function parseSpec(shop: Workshop, spec: SpecText, marked: SpecText): Promise<string> {
  const folder = path.join(shop.scratch, 'parsed')
  await mkdir(folder, { recursive: true })
  const copy = path.join(folder, path.basename(shop.specFile))
  const made: string[] = []
  try {
    await writeFile(copy, encodeSpec(marked))
    return await parseWithDummies(shop, copy, made)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    await writeFile(copy, encodeSpec(spec))
    return await parseWithDummies(shop, copy, made).catch((again: unknown) => {
      throw explainParseError(shop, again instanceof CommandError ? again : error, copy)
    })
  } finally {
    await Promise.all(made.map((file) => rm(file, { force: true })))
  }
}

/**
 * Parses a spec file that may read its own sources, which may not be there yet: an empty file stands in for each that rpm
 * misses.
 */
async function parseWithDummies(shop: Workshop, file: string, made: string[]): Promise<string> {
  const command = ['rpmspec', '-P', ...(await parseDefines(shop)), file]
  for (;;) {
    try {
      return (await run(shop, command, { log: 'silent' })).stdout
    } catch (error) {
      const missing = error instanceof CommandError ? findMissingFile(shop, error.stderr) : undefined
      if (!missing || made.includes(missing) || made.length >= MAX_DUMMIES) throw error
      await writeFile(missing, '', { flag: 'wx' }).catch(() => Promise.reject(error))
      made.push(missing)
    }
  }
}

function findMissingFile(shop: Workshop, stderr: string): string | undefined {
  const found =
    /Unable to open (.+): No such file/.exec(stderr) ??
    /failed to load macro file (.+)/.exec(stderr) ??
    /Bad (?:source|file): (.+): No such file/.exec(stderr)
  const file = found?.[1] && path.resolve(shop.dir, found[1].trim())
  return file?.startsWith(`${shop.repo}/`) ? file : undefined
}

function explainParseError(shop: Workshop, error: CommandError, copy: string): StepError {
  const lines = error.stderr.split('\n').filter((line) => line.startsWith('error:'))
  const shown = lines.slice(0, 10).join('\n').replaceAll(copy, shop.specPath) || error.message
  // a line that a macro should have made is no tag: the macro isn't defined
  const macro = /Unknown tag: (%(?!if|el|end)\w+)/.exec(shown)?.[1]
  if (!macro) return new StepError('rpmbuild', `rpm can't parse ${shop.specPath}:\n${shown}`)
  const message = `rpm can't parse ${shop.specPath}: this machine lacks the macro ${macro}.\n${shown}`
  return new StepError('rpmbuild', message, { lacks: `macro ${macro}` })
}

/**
 * The folders that rpm shall use: all of them the spec file's. They are relative, since rpm writes them into the SRPM, which
 * shall not depend on where it was made.
 */
export function folderDefines(shop: Workshop): string[] {
  const folders = ['_sourcedir', '_srcdir', '_specdir', '_topdir', '_builddir', '_rpmdir', '_buildrootdir']
  const folder = path.relative(shop.dir, shop.specDir) || '.'
  return folders.flatMap((name) => ['--define', `${name} ${folder}`])
}

/** Options for the macros that a spec file may use and this machine's rpm doesn't know; asked once. */
export function standInDefines(shop: Workshop): Promise<string[]> {
  shop.standIns ??= run(shop, ['rpm', ...STAND_IN_PROBE], { log: 'silent' }).then(({ stdout }) => standInsFor(stdout))
  return shop.standIns
}

async function parseDefines(shop: Workshop): Promise<string[]> {
  const configured = Object.entries(shop.options.parse_time_macros).flatMap(([name, value]) =>
    value === null ? ['--undefine', name] : ['--define', `${name} ${value === '' ? '%{nil}' : value}`],
  )
  return [...folderDefines(shop), ...(await standInDefines(shop)), '--define', 'dist %{nil}', ...configured]
}
