import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { copyFile, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { archiveRootDir, findArchive } from '../../../../domain/srpm/archive.ts'
import { hasAction, runAction } from './actions.ts'
import { run } from './run.ts'
import { beginStep, reasonOf, resolveInside, StepError, say, type Workshop } from './workshop.ts'

/**
 * Makes the archive of the sources, next to the spec file: by the action `create-archive`, else by `git archive`.
 *
 * @returns its file name
 * @throws {StepError} `archive`
 */
export async function makeArchive(shop: Workshop, version: string): Promise<string> {
  const { upstream_package_name: upstream, downstream_package_name: downstream } = shop.options
  const name = `${upstream ?? downstream ?? shop.input.package}-${version}`
  await beginStep(shop, 'archive', 'Archive')
  if (hasAction(shop, 'create-archive')) return archiveOfAction(shop, version, name)

  const file = resolveInside(shop.specDir, `${name}.tar.gz`, 'upstream_package_name')
  const command = ['git', 'archive', '--output', file, '--prefix', `${name}/`, 'HEAD']
  await run(shop, command).catch((error: unknown) => {
    throw new StepError('archive', `The archive ${name}.tar.gz can't be made: ${reasonOf(error)}.`)
  })
  say(shop, `Archive: ${path.basename(file)}`)
  return path.basename(file)
}

async function archiveOfAction(shop: Workshop, version: string, name: string): Promise<string> {
  const action = 'create-archive'
  const variables = { PACKIT_PROJECT_VERSION: version, PACKIT_PROJECT_NAME_VERSION: name }
  const outputs = await runAction(shop, action, variables)
  if (outputs.length === 0) {
    throw new StepError('archive', 'No output from create-archive: it has no command.', { action })
  }
  const found = findArchive(outputs, (line) => isFile(path.resolve(shop.dir, line)))
  if (!found) {
    const hint = 'Its last line must be the path of the archive and nothing else.'
    throw new StepError('archive', `No line that create-archive printed is the path of a file. ${hint}`, { action })
  }
  const archive = path.resolve(shop.dir, found)
  await placeNextToSpec(shop, archive)
  say(shop, `Archive: ${path.basename(archive)}`)
  return path.basename(archive)
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
}

/** rpmbuild looks for sources in the folder of the spec file only. */
async function placeNextToSpec(shop: Workshop, archive: string): Promise<void> {
  const wanted = path.join(shop.specDir, path.basename(archive))
  if ((await realpath(archive)) === (await realpath(wanted).catch(() => wanted))) return
  await rm(wanted, { force: true })
  await copyFile(archive, wanted)
}

/** The directory that an archive next to the spec file unpacks into. */
export async function findRootDir(shop: Workshop, archive: string, version: string): Promise<string> {
  const { archive_root_dir_template: template, upstream_package_name: upstream } = shop.options
  const file = path.join(shop.specDir, archive)
  const entries = (await stat(file)).isFile() ? await listRoots(shop, file) : null
  return archiveRootDir(entries, template, { upstream_pkg_name: upstream ?? shop.input.package, version })
}

/**
 * One entry of each directory at the top of a tar file, and no more than two, however many the archive has; null when it
 * isn't a tar file.
 */
async function listRoots(shop: Workshop, file: string): Promise<string[] | null> {
  const tar = spawn('tar', ['--list', '--quoting-style=literal', '--file', file], {
    env: shop.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise<number | null>((resolve) => {
    tar.on('error', () => resolve(1))
    tar.on('close', resolve)
  })
  const roots = new Map<string, string>()
  for await (const entry of createInterface({ input: tar.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    const top = /^(?:\.\/+)*([^/]+)\//.exec(entry)?.[1]
    if (top && top !== '.') roots.set(top, entry)
    if (roots.size > 1) break
  }
  if (roots.size > 1) tar.kill()
  return (await ended) === 0 || roots.size > 1 ? [...roots.values()] : null
}
