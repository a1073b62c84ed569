/** Runs a shell script as a stranger's build would, then says how it ended and hands out what it was told to. */
import { spawnSync } from 'node:child_process'
import { finish, readInput, sendFile } from '../../../src/sandbox/inside/host.ts'

const { script, send } = (await readInput()) as { script: string; send: [name: string, path: string][] }
const { status } = spawnSync('/bin/sh', ['-c', script], { stdio: ['ignore', 'inherit', 'inherit'] })
const sent: Record<string, string> = {}
for (const [name, path] of send) {
  sent[name] = await sendFile(name, path).then(
    () => 'sent',
    (error: Error) => error.message,
  )
}
await finish({ status, sent })
