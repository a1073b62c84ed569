/**
 * Runs where Copr makes sources, with the network: the same steps as in our sandbox, on the same input, then spec file and
 * sources for Copr to pack. Named by its first argument: a file with the task.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { showSourceResult } from '../../../domain/srpm/source-result.ts'
import type { SourceTask } from '../../../domain/srpm/source-task.ts'
import type { MakeSrpmResult } from '../../../domain/srpm/step.ts'
import { createHost } from './make-sources/host.ts'
import { GoneError, makeMirror } from './make-sources/mirror.ts'
import { unpackSrpm } from './make-sources/unpack.ts'
import { makeSrpm } from './make-srpm/make-srpm.ts'

const [, , taskFile = ''] = process.argv
const task = JSON.parse(await readFile(taskFile, 'utf8')) as SourceTask
const into = process.env.COPR_RESULTDIR
if (!into) throw new Error('COPR_RESULTDIR is not set: sources have no place to go to')

const result = await make(task, resolve('packit-work'), resolve(into))
console.log(showSourceResult(result))
process.exitCode = result.ok ? 0 : 1

async function make({ input, ...wanted }: SourceTask, dir: string, results: string): Promise<MakeSrpmResult> {
  const places = { mirror: join(dir, 'mirror.git'), work: join(dir, 'work'), out: join(dir, 'out') }
  for (const folder of [places.work, places.out, results]) await mkdir(folder, { recursive: true })
  try {
    await makeMirror(places.mirror, wanted)
  } catch (error) {
    if (!(error instanceof GoneError)) throw error
    console.log(`error: ${error.message}`)
    return { ok: false, kind: 'missing-commit', message: error.message }
  }
  const made = await makeSrpm(input, createHost(join(dir, 'fetched'), places.out), places)
  if (made.ok) await unpackSrpm(join(places.out, made.srpm.file), results, join(dir, 'rpmdb'))
  return made
}
