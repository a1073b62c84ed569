/** Runs inside the sandbox: makes the SRPM of one commit, in the empty folder it is started in. */
import type { MakeSrpmInput } from '../../../domain/srpm/step.ts'
import { MIRROR_PATH } from '../../../domain/srpm/step.ts'
import { fetchInto, finish, progress, readInput, sendFile } from '../../../sandbox/inside/host.ts'
import { makeSrpm } from './make-srpm/make-srpm.ts'

// our own host wrote the input, before any code of strangers ran
const input = (await readInput()) as MakeSrpmInput & { mirror?: string }
const host = { log: (output: string | Uint8Array) => void process.stdout.write(output), progress, fetchInto, sendFile }
await finish(await makeSrpm(input, host, { mirror: input.mirror ?? MIRROR_PATH, work: process.cwd() }))
