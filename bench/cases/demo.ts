import { join } from 'node:path'
import { type Case, openFolder, Samples } from '../measure.ts'
import { ROOT, type Watched, watchProgram, whenSaid } from '../program.ts'

const NEW_TIMES = 2
const WARM_TIMES = 2

/** The demo as a user types it, with everything installed. */
export const demoCase: Case = {
  name: 'demo',
  title: 'The demo, warm',
  method: `\`npm run demo -- --once\` with everything installed: npm and \`scripts/setup\` included, from the command to its end. "new" has no
data directory yet, so that it makes the embedded database; "again" finds it there.`,
  async run(say) {
    await using folder = await openFolder()
    const samples = new Samples()
    for (let i = 0; i < NEW_TIMES + WARM_TIMES; i += 1) {
      const isNew = i < NEW_TIMES
      say(isNew ? `new data directory (${i + 1} of ${NEW_TIMES})` : `again (${i - NEW_TIMES + 1} of ${WARM_TIMES})`)
      const data = join(folder.dir, isNew ? `data-${i}` : 'data-0')
      addDemo(samples, isNew ? 'new' : 'again', await runDemo(ROOT, { PACKIT_DATA_DIR: data }))
    }
    return samples.figures
  },
}

export function runDemo(root: string, env: Record<string, string>): Promise<Watched> {
  return watchProgram('npm', ['run', 'demo', '--', '--once'], root, { ...env, PACKIT_PORT: '18080', NO_COLOR: '1' })
}

/** The figures of one demo. */
export function addDemo(samples: Samples, name: string, demo: Watched): void {
  const accepted = whenSaid(demo, /Delivery accepted/)
  const published = whenSaid(demo, /✓ +Repository/)
  samples.add(`${name}: the whole command`, 'ms', demo.totalMs)
  samples.add(`${name}: until the webhook is accepted`, 'ms', accepted)
  samples.add(`${name}: from there to the repository`, 'ms', published - accepted)
  samples.add(`${name}: from there to the end of the process`, 'ms', demo.totalMs - published)
}
