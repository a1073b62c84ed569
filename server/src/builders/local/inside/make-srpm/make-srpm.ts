import { mkdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readSrpmOptions, type SrpmOptions } from '../../../../domain/srpm/options.ts'
import type { MakeSrpmInput, MakeSrpmResult } from '../../../../domain/srpm/step.ts'
import { hookVariables, runAction } from './actions.ts'
import { makeArchive } from './archive.ts'
import { buildSrpm } from './build-srpm.ts'
import { checkout } from './checkout.ts'
import { fixSpec } from './edit-spec.ts'
import { git } from './run.ts'
import { prepareSourceGit } from './source-git.ts'
import { downloadSources } from './sources.ts'
import { findVersion } from './version.ts'
import {
  beginStep,
  type Host,
  type Places,
  reasonOf,
  resolveInside,
  StepError,
  say,
  type Workshop,
} from './workshop.ts'

/**
 * Makes the SRPM of exactly one commit and hands it out. From the checkout on, everything runs on what strangers wrote:
 * call it in a sandbox only, or on data that is trusted.
 *
 * @returns the SRPM, or why there is none; whatever else is thrown is a bug
 */
export async function makeSrpm(input: MakeSrpmInput, host: Host, places: Places): Promise<MakeSrpmResult> {
  try {
    const shop = await openWorkshop(input, host, places)
    const commit = await checkout(shop)
    shop.env.SOURCE_DATE_EPOCH = await git(shop, ['log', '-1', '--format=%ct'], { cwd: shop.repo })
    await prepare(shop)
    const { path: file, srpm, buildRequires } = await buildSrpm(shop)
    await handOut(host, srpm.file, file)
    return { ok: true, srpm, spec: shop.specPath, buildRequires, commit }
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    say({ host }, `error: ${error.message}`)
    return { ok: false, kind: error.kind, message: error.message, ...error.details }
  }
}

async function handOut(host: Host, name: string, file: string): Promise<void> {
  try {
    await host.sendFile(name, file)
  } catch (error) {
    throw new StepError('rpmbuild', `The SRPM ${name} can't be handed out: ${reasonOf(error)}.`)
  }
}

/** The order of the steps; see docs/compatibility.md for what differs from Packit's. */
async function prepare(shop: Workshop): Promise<void> {
  await requireFolder(shop)
  await beginStep(shop, 'post-upstream-clone', 'Preparation')
  await runAction(shop, 'post-upstream-clone', hookVariables(shop))
  await requireSpec(shop)

  const { options, input } = shop
  const wanted = input.event === 'release' ? false : (input.updateRelease ?? options.update_release)
  const updateRelease = wanted && !options.preserve_spec
  if (options.upstream_ref) {
    await prepareSourceGit(shop, options.upstream_ref, updateRelease)
  } else {
    const version = await findVersion(shop)
    const archive = await makeArchive(shop, version)
    if (!options.preserve_spec) await fixSpec(shop, version, archive, updateRelease)
  }
  await downloadSources(shop)
  await beginStep(shop, 'post-modifications', 'Last changes')
  await runAction(shop, 'post-modifications', hookVariables(shop))
  await requireSpec(shop)
}

async function openWorkshop(input: MakeSrpmInput, host: Host, { mirror, work }: Places): Promise<Workshop> {
  const options = readOptions(input)
  if (!options.specfile_path) {
    throw new StepError('config', 'specfile_path: no spec file is named. Set it to the path of your spec file.')
  }
  const repo = path.join(work, 'upstream')
  const scratch = path.join(work, 'scratch')
  const home = path.join(work, 'home')
  const dir = resolveInside(repo, options.paths[0] ?? '.', 'paths')
  const specFile = resolveInside(dir, options.specfile_path, 'specfile_path')
  await Promise.all([mkdir(scratch), mkdir(home)])
  const env = await makeEnvironment(input, home)
  return {
    ...{ input, options, host, mirror, repo, dir, specFile, scratch, env },
    specPath: path.relative(repo, specFile),
    specDir: path.dirname(specFile),
  }
}

function readOptions(input: MakeSrpmInput): SrpmOptions {
  try {
    return readSrpmOptions(input.options)
  } catch (error) {
    throw new StepError('config', reasonOf(error))
  }
}

const GIT_IDENTITY = { name: 'Packit', email: 'packit@localhost' }

/** What commands see: an own home, one locale and time zone, and an identity and dates that make commits repeatable. */
async function makeEnvironment(input: MakeSrpmInput, home: string): Promise<Record<string, string>> {
  const gitConfig = path.join(home, '.gitconfig')
  await writeFile(
    gitConfig,
    `[user]\n\tname = ${GIT_IDENTITY.name}\n\temail = ${GIT_IDENTITY.email}\n[safe]\n\tdirectory = *\n` +
      '[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[advice]\n\tdetachedHead = false\n',
  )
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_DATE: input.commitTime,
    GIT_COMMITTER_DATE: input.commitTime,
  }
}

async function requireFolder(shop: Workshop): Promise<void> {
  const found = await stat(shop.dir).catch(() => undefined)
  if (found?.isDirectory()) return
  const message = `paths: there is no folder "${shop.options.paths[0] ?? '.'}" at ${shop.input.headSha}.`
  throw new StepError('config', message)
}

async function requireSpec(shop: Workshop): Promise<void> {
  const found = await stat(shop.specFile).catch(() => undefined)
  if (found?.isFile()) return
  const { branch, headSha } = shop.input
  const ref = branch ?? shop.input.tag ?? headSha
  const hint = 'Correct specfile_path, or have the action post-upstream-clone make the file.'
  throw new StepError('spec-missing', `Specfile ${shop.specPath} not found on ref ${ref}. ${hint}`)
}
