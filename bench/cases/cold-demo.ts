import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Case, openFolder, Samples } from '../measure.ts'
import { ROOT } from '../program.ts'
import { addDemo, runDemo } from './demo.ts'

/** The demo in a repository as it was cloned. */
export const coldDemoCase: Case = {
  name: 'cold-demo',
  title: 'The demo, cold',
  method: `The same in a fresh copy of the repository, with an empty npm cache: it downloads and installs the npm packages, builds
the dashboard, makes the database. Programs of the system (git, rpmbuild, bubblewrap, …) are there already. Only measured
with \`--cold\`; otherwise this section stays as it is.`,
  isExtra: true,
  async run(say) {
    await using folder = await openFolder()
    const copy = join(folder.dir, 'clone')
    say('copying the repository')
    await copyRepository(copy)
    say('npm run demo, with nothing installed')
    const samples = new Samples()
    const env = { PACKIT_DATA_DIR: join(folder.dir, 'data'), npm_config_cache: join(folder.dir, 'cache') }
    addDemo(samples, 'cold', await runDemo(copy, env))
    return samples.figures
  },
}

/** What a clone would hold: files that git knows or would add. */
async function copyRepository(into: string): Promise<void> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const names = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\0')
  for (const name of names) {
    const from = join(ROOT, name)
    if (name === '' || !existsSync(from)) continue
    await mkdir(dirname(join(into, name)), { recursive: true })
    await cp(from, join(into, name))
  }
}
