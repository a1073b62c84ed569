/** Builds the packages of one SRPM with the programs of this machine, and hands them out. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFrom, runLogged } from '../../../sandbox/inside/children.ts'
import { finish, progress, readInput, sendFile } from '../../../sandbox/inside/host.ts'
import { type RebuildInput, type RebuildOutput, RPM_NAME, UNCHECKED } from './rebuild-result.ts'
import { STAND_IN_PROBE, standInsFor } from './stand-ins.ts'

const TOP = '/build/rpmbuild'
const NEVRA = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n'

const { srpm } = (await readInput()) as RebuildInput
progress({ step: 'started' })
const checked = (await readFrom('rpm', ['-qa'])).trim() !== ''
if (!checked) {
  console.log(`${UNCHECKED}: this machine has no RPM packages, so its RPM database is empty.`)
}
const exitCode = await runLogged('rpmbuild', [
  '--rebuild',
  ...(checked ? [] : ['--nodeps']),
  ...['--define', `_topdir ${TOP}`],
  ...standInsFor(await readFrom('rpm', STAND_IN_PROBE)),
  srpm,
])
await finish({ exitCode, packages: exitCode === 0 ? await handOut() : [] } satisfies RebuildOutput)

async function handOut(): Promise<RebuildOutput['packages']> {
  const packages: RebuildOutput['packages'] = []
  for (const entry of await readdir(join(TOP, 'RPMS'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !RPM_NAME.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const line = await readFrom('rpm', ['-qp', '--nosignature', '--queryformat', NEVRA, path])
    const [name = '', epoch = '0', version = '', release = '', arch = ''] = line.trimEnd().split('\t')
    packages.push({ file: entry.name, name, epoch: Number(epoch), version, release, arch })
    await sendFile(entry.name, path)
  }
  return packages
}
