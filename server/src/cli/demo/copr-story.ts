import { listPipelinesOfEvent } from '../../db/events.ts'
import { findRun, type Run } from '../../db/runs.ts'
import { openAppStore } from '../../forges/github/app-store.ts'
import { fullName } from '../../forges/github/fake/state.ts'
import type { PullRequest } from '../../forges/github/fake/things.ts'
import { makeSignInLink } from '../links.ts'
import { paint } from '../terminal.ts'
import type { Child } from './child.ts'
import type { StandIns } from './copr-stand-ins.ts'
import { CheckPrinter, until } from './github-checks.ts'
import { decidePull, openPull, tellViolations } from './github-pulls.ts'
import { changedProgram, MEMBER, OWNER, requiringProgram, setUpApp } from './github-stand-in.ts'
import { done, hasFailed, heading, type Place, resultLines, type Stage, showRuns } from './stage.ts'

/** The processes of the service, and what they share. */
export interface Cluster {
  web: Child
  workers: Child[]
  place: Place
  dataDir: string
}

/** What the demo on a Copr has happen, in its order, and how it is told. */
export class CoprStory {
  readonly #around: StandIns
  readonly #cluster: Cluster
  readonly #stage: Stage
  readonly #checks: CheckPrinter

  constructor(around: StandIns, cluster: Cluster, stage: Stage) {
    this.#around = around
    this.#cluster = cluster
    this.#stage = stage
    this.#checks = new CheckPrinter(around.github, stage)
  }

  /** @returns the exit code: 0 when all went as it should */
  async tell(): Promise<number> {
    await this.#setUp()
    const good = await this.#buildAndTest()
    const killed = await this.#killWorker()
    const bad = await this.#failTests()
    this.#stage.printer.close()
    for (const line of await this.#closing(good, killed, bad)) this.#stage.output.write(`${line}\n`)
    const isAsItShould = !hasFailed([...good.runs, ...killed.runs]) && hasFailed(bad.runs)
    return isAsItShould && !tellViolations(this.#around.github, this.#stage) ? 0 : 1
  }

  async #setUp(): Promise<void> {
    const { github, repository } = this.#around
    const { place, dataDir } = this.#cluster
    const apps = openAppStore(dataDir, { ...NO_APP, apiUrl: github.apiUrl })
    const app = await setUpApp(github, repository, { apps, base: place.url })
    done(this.#stage, `App ${app.slug}: made from its manifest; ${OWNER} owns it; installed on ${fullName(repository)}`)
  }

  async #buildAndTest() {
    heading(this.#stage, `${MEMBER} opens a pull request: it is built in Copr and tested in Testing Farm`)
    return this.#follow(
      { title: 'Greet with the time', branch: 'greeting' },
      await changedProgram('greets with the time'),
    )
  }

  /** Whoever takes over begins anew what the killed one did; what Copr builds goes on meanwhile. */
  async #killWorker() {
    heading(this.#stage, `${MEMBER} opens another one, and the worker that makes its SRPM is killed`)
    return this.#follow(
      { title: 'Greet the moon', branch: 'moon' },
      await changedProgram('greets the moon'),
      async (eventId) => {
        const worker = await this.#findWorkerOf(eventId)
        await worker.kill()
        done(this.#stage, `${worker.name} (process ${worker.pid}) is killed while it makes the SRPM`)
        done(this.#stage, 'its heart stands still: within 20 seconds the other one begins anew what it was at')
      },
    )
  }

  async #findWorkerOf(eventId: number): Promise<Child> {
    const { db } = this.#cluster.place.service.database
    return until('a worker that makes the SRPM', async () => {
      const [pipeline] = await listPipelinesOfEvent(db, eventId)
      const run = pipeline && (await findRun(db, pipeline.mergedRunId ?? pipeline.id))
      return run?.srpm?.state === 'running' && this.#cluster.workers.find((worker) => worker.isBusy)
    })
  }

  async #failTests() {
    heading(this.#stage, `${MEMBER} opens a third one, whose package fails its tests: it requires a library by name`)
    return this.#follow({ title: 'Greet by a library', branch: 'library' }, await requiringProgram('libgreeting'))
  }

  /** Opens a pull request of the sample and shows what becomes of it, to its end. */
  async #follow(
    wanted: { title: string; branch: string },
    files: Record<string, string>,
    meanwhile: (eventId: number) => Promise<void> = async () => {},
  ): Promise<Told> {
    const { github, repository } = this.#around
    const { place } = this.#cluster
    const opened = await openPull(github, place, this.#stage, { ...wanted, repository, author: MEMBER, files })
    const build = decidePull(place, opened.deliveryId, this.#stage).then(async (eventId) => {
      const [runs] = await Promise.all([showRuns(place, eventId, this.#stage), meanwhile(eventId)])
      return runs
    })
    const [runs] = await Promise.all([build, this.#checks.follow(opened.pull)])
    return { pull: opened.pull, runs }
  }

  /** What to look at, and how to get in. */
  async #closing(...told: Told[]): Promise<string[]> {
    const { output } = this.#stage
    const { place } = this.#cluster
    const { github, copr } = this.#around
    const name = (text: string) => paint(output, 'bold', text.padEnd(12))
    const link = await makeSignInLink(place.url, { database: place.service.database, now: () => new Date() })
    const pages = told.map(({ pull }) => `${github.url}/${fullName(pull.repository)}/pull/${pull.number}`)
    return [
      ...resultLines(place, told[0]?.runs ?? [], output),
      '',
      'This Copr builds with the rpmbuild of this machine, once for all chroots: the packages are real, but of no clean root.',
      '',
      `${name('GitHub')}${pages[0]}  (built and tested; comment, push, re-run there)`,
      `${name('')}${pages[1]}  (its worker was killed)`,
      `${name('')}${pages[2]}  (its tests failed)`,
      `${name('Copr')}${copr.url}/`,
      `${name('Dashboard')}${place.url}/`,
      `${name('Sign in')}${link}`,
      `${name('')}as the operator; the link is good once. Or as ${MEMBER}: "Sign in" in the dashboard`,
    ]
  }
}

interface Told {
  pull: PullRequest
  runs: Run[]
}

const NO_APP = {
  appId: undefined,
  privateKey: undefined,
  webhookSecret: undefined,
  clientId: undefined,
  clientSecret: undefined,
}
