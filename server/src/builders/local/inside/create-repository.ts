/** Makes the metadata of a dnf repository for packages that strangers made. */
import { existsSync, mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runLogged } from '../../../sandbox/inside/children.ts'
import { finish, readInput, sendFile } from '../../../sandbox/inside/host.ts'

await readInput()
// without packages nothing is mounted
const rpms = existsSync('/in/rpms') ? '/in/rpms' : '/build/empty'
if (rpms === '/build/empty') mkdirSync(rpms)
const exitCode = await runLogged('createrepo_c', ['--no-database', '--error-exit-val', '--outputdir', '/build', rpms])
if (exitCode === 0) {
  for (const name of await readdir('/build/repodata')) await sendFile(name, join('/build/repodata', name))
}
await finish({ exitCode })
