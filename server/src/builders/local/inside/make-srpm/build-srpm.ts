import { mkdir, readdir, utimes } from 'node:fs/promises'
import path from 'node:path'
import { type MadeSrpm, SRPM_FILE } from '../../../../domain/srpm/step.ts'
import { folderDefines, standInDefines } from './rpm-spec.ts'
import { CommandError, run } from './run.ts'
import { beginStep, StepError, say, type Workshop } from './workshop.ts'

/** The SRPM and what it says about itself. */
export interface BuiltSrpm {
  path: string
  srpm: MadeSrpm
  buildRequires: string[]
}

/**
 * Makes the SRPM with rpmbuild. Times in it are those of the commit, so that the same work tree makes the same bytes.
 *
 * @throws {StepError} `rpmbuild`
 */
export async function buildSrpm(shop: Workshop): Promise<BuiltSrpm> {
  await beginStep(shop, 'rpmbuild', `rpmbuild -bs ${shop.specPath}`)
  const out = path.join(shop.scratch, 'srpm')
  await mkdir(out, { recursive: true })
  await fixTimes(shop)
  // without a distribution in its name, as Copr packs it too: the same SRPM, whatever machine it is made on
  const defines = [`_srcrpmdir ${out}`, 'dist %{nil}', 'use_source_date_epoch_as_buildtime 1', '_buildhost localhost']
  const options = [...folderDefines(shop), ...(await standInDefines(shop)), ...defines.flatMap((d) => ['--define', d])]
  const spec = path.relative(shop.dir, shop.specFile)
  await run(shop, ['rpmbuild', '-bs', '--nodeps', ...options, spec]).catch((error: unknown) => {
    throw explain(error)
  })
  const file = (await readdir(out)).find((name) => name.endsWith('.src.rpm'))
  if (!file) throw new StepError('rpmbuild', 'rpmbuild ended without an error, but made no SRPM.')
  if (!SRPM_FILE.test(file)) {
    const hint = 'A macro in Name, Version or Release may not be defined here.'
    throw new StepError('rpmbuild', `rpmbuild made ${JSON.stringify(file)}, which is no usable name. ${hint}`)
  }
  const built = await query(shop, path.join(out, file), file)
  say(shop, `SRPM: ${file}`)
  return built
}

function explain(error: unknown): unknown {
  if (!(error instanceof CommandError)) return error
  const lines = error.stderr.split('\n').filter((line) => /^(error:|\s{4}\S)/.test(line))
  const shown = lines.slice(0, 10).join('\n') || error.stderr.trim().split('\n').slice(-5).join('\n')
  return new StepError('rpmbuild', `rpmbuild can't make the SRPM: ${error.message}.\n${shown}`.trimEnd())
}

/** Sources are recorded with the time of their file, which is the time of the checkout. */
async function fixTimes(shop: Workshop): Promise<void> {
  const at = Number(shop.env.SOURCE_DATE_EPOCH)
  const entries = await readdir(shop.specDir, { withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  await Promise.all(files.map((entry) => utimes(path.join(shop.specDir, entry.name), at, at).catch(() => undefined)))
}

const QUERY =
  '%{NAME}\\n%{EPOCHNUM}\\n%{VERSION}\\n%{RELEASE}\\n[%{REQUIRENAME} %{REQUIREFLAGS:depflags} %{REQUIREVERSION}\\n]'

async function query(shop: Workshop, file: string, name: string): Promise<BuiltSrpm> {
  const command = ['rpm', '-qp', '--nosignature', '--qf', QUERY, file]
  const { stdout } = await run(shop, command, { log: 'silent' })
  const [packageName = '', epoch = '0', version = '', release = '', ...requires] = stdout.trimEnd().split('\n')
  const buildRequires = requires.map((line) => line.replace(/\s+/g, ' ').trim()).filter((line) => !isOfRpm(line))
  const nvr = `${packageName}-${version}-${release}`
  return {
    path: file,
    srpm: { file: name, nvr, name: packageName, epoch: Number(epoch), version, release },
    buildRequires: [...new Set(buildRequires)],
  }
}

function isOfRpm(requirement: string): boolean {
  return requirement === '' || requirement.startsWith('rpmlib(')
}
