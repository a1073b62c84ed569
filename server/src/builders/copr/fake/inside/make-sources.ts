/**
 * Does what a builder of Copr does for a build with a script of its own: runs it, with the network, and packs what it left.
 * Nothing is installed before: what this machine has, it has.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { runLogged } from '../../../../sandbox/inside/children.ts'
import { finish, readInput, sendFile } from '../../../../sandbox/inside/host.ts'

const { script, resultDir } = (await readInput()) as { script: string; resultDir: string }
const results = resolve(resultDir)
await finish({ made: await makeSources() })

/** As on a builder: a script that fails, or leaves no spec file, or more than one, makes no SRPM. */
async function makeSources(): Promise<boolean> {
  await writeFile('script', script, { mode: 0o755 })
  // the Node that runs this is Fedora's there
  const env = ['PATH=/packit:/usr/local/bin:/usr/bin:/bin', 'HOME=/build', `COPR_RESULTDIR=${results}`]
  if ((await runLogged('env', ['-i', ...env, resolve('script')])) !== 0) return false
  const [spec, ...more] = (await readdir(results)).filter((name) => name.endsWith('.spec'))
  if (spec === undefined || more.length > 0) {
    console.log(`There are ${spec === undefined ? 'no' : 'too many'} spec files in ${results}`)
    return false
  }
  return pack(join(results, spec))
}

/** Copr's SRPMs name no distribution. */
async function pack(spec: string): Promise<boolean> {
  const out = resolve('srpm')
  await mkdir(out)
  const folders = ['_sourcedir', '_specdir', '_builddir', '_rpmdir'].map((name) => `${name} ${results}`)
  const defines = [...folders, `_srcrpmdir ${out}`, 'dist %{nil}'].flatMap((define) => ['--define', define])
  if ((await runLogged('rpmbuild', ['-bs', '--nodeps', ...defines, spec])) !== 0) return false
  const srpm = (await readdir(out)).find((name) => name.endsWith('.src.rpm'))
  if (srpm !== undefined) await sendFile(srpm, join(out, srpm))
  return srpm !== undefined
}
