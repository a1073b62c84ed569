/** Tries from inside what a sandbox must refuse, for the start of the service. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { finish, readInput } from './host.ts'

await readInput()
const status = readFileSync('/proc/self/status', 'utf8')
await finish({
  asRoot: process.getuid?.() === 0,
  capabilities: /^CapEff:\s*0+$/m.test(status) === false,
  secrets: existsSync('/etc/shadow'),
  systemWritable: isWritable('/usr/packit-probe') || isWritable('/packit-probe') || isWritable('/etc/packit-probe'),
  namespaces: spawnSync('unshare', ['--user', 'true']).status === 0,
  network: Object.keys(networkInterfaces()).some((name) => name !== 'lo'),
  processes: Number(/^Max processes\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0),
})

function isWritable(path: string): boolean {
  try {
    writeFileSync(path, '')
    return true
  } catch {
    return false
  }
}
