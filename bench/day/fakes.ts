// GitHub, Copr, Testing Farm and the message bus of the day, all of our own, with the unreliable ways to each. They are a process of
// their own (`fakes-process.ts`), so that what they cost is not the service's.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FakeCopr } from '../../server/src/builders/copr/fake/fake-copr.ts'
import { timedPace } from '../../server/src/builders/copr/fake/paces.ts'
import type { FakeBuild } from '../../server/src/builders/copr/fake/state.ts'
import { FakeGithub } from '../../server/src/forges/github/fake/fake-github.ts'
import type { PullRequest } from '../../server/src/forges/github/fake/things.ts'
import { FakeBroker } from '../../server/src/messages/fake/fake-broker.ts'
import { type FakeRequest, FakeTestingFarm } from '../../server/src/testers/testing-farm/fake/fake-testing-farm.ts'
import { FAULTS, type Fault, type Gateway, openGateway } from './gateway.ts'
import { type Lossy, openLossy } from './lossy.ts'
import { makeProject, openNext, type Project } from './pulls.ts'
import { CHROOTS, type Fate, fateOf, type PlannedRun, randomOf } from './schedule.ts'

export interface FakesOptions {
  dir: string
  /** How many minutes of the day go by in one of ours. */
  speed: number
  /** Of requests and messages, so large a part meets each kind of fault. */
  faults: number
}

/** What the systems hold at the end. */
export interface HeldState {
  builds: { id: number; project: string; isCanceled: boolean; chroots: Record<string, string> }[]
  requests: { id: string; buildId: number; chroot: string; state: string; overall: string | null }[]
  pulls: {
    name: string
    number: number
    checks: { name: string; status: string; conclusion: string | null }[]
  }[]
  /** Requests that GitHub does not describe. */
  violations: unknown[]
}

export interface FakesCounts {
  opened: number
  builds: number
  requests: number
  /** By the name of the way. */
  gateways: Record<string, Gateway['counts']>
  messages: Record<string, Lossy['counts']>
}

const TOPICS = 'org.fedoraproject.prod'
/** A proxy gives up after so long. */
const TIME_OUT_MINUTES = 1
/** How late a message may come. */
const LATE_MINUTES = 5

export class Fakes implements AsyncDisposable {
  readonly github: FakeGithub
  readonly copr: FakeCopr
  readonly farm: FakeTestingFarm
  readonly broker: FakeBroker
  readonly #options: FakesOptions
  readonly #gateways: { github: Gateway; copr: Gateway; farm: Gateway }
  readonly #lossy: Record<'deliveries' | 'messages' | 'notifications', Lossy>
  readonly #pulls: PullRequest[] = []
  readonly #projects: Project[] = []

  private constructor(parts: {
    options: FakesOptions
    github: FakeGithub
    copr: FakeCopr
    farm: FakeTestingFarm
    broker: FakeBroker
    gateways: { github: Gateway; copr: Gateway; farm: Gateway }
    lossy: Record<'deliveries' | 'messages' | 'notifications', Lossy>
  }) {
    this.github = parts.github
    this.copr = parts.copr
    this.farm = parts.farm
    this.broker = parts.broker
    this.#options = parts.options
    this.#gateways = parts.gateways
    this.#lossy = parts.lossy
  }

  static async open(options: FakesOptions): Promise<Fakes> {
    const { dir, speed, faults: share } = options
    const minutesMs = (minutes: number) => (minutes * 60_000) / speed
    const lossyOf = (name: string) =>
      openLossy({ share, lateMs: minutesMs(LATE_MINUTES), random: randomOf(`lossy ${name}`) })
    const lossy = {
      deliveries: lossyOf('deliveries'),
      messages: lossyOf('messages'),
      notifications: lossyOf('notifications'),
    }
    const github = await FakeGithub.start({ dir: join(dir, 'github'), cloneUrls: 'file' })
    const broker = await FakeBroker.start()
    const copr = await FakeCopr.start({
      chroots: CHROOTS,
      pace: timedPace({
        sourceMs: () => minutesMs(1),
        buildMs: (build, chroot) => minutesMs(fateOfBuild(build, chroot).buildMinutes),
        outcome: (build, chroot) => (fateOfBuild(build, chroot).build === 'succeeds' ? 'succeeded' : 'failed'),
      }),
      onMessage: ({ topic, body }) => {
        void lossy.messages.send(async () => broker.publish(`${TOPICS}.${topic}`, body))
      },
    })
    const tested = new Set<string>()
    const farm = await FakeTestingFarm.start({ run: (request) => runTests(request, copr, tested, minutesMs) })
    const gateway = (name: string, target: string, faults: readonly Fault[] = FAULTS) =>
      openGateway({
        ...{ target, share, faults, random: randomOf(`gateway ${name}`), holdMs: minutesMs(TIME_OUT_MINUTES) },
      })
    const gateways = {
      github: await gateway('github', github.url, ['bad-gateway']),
      copr: await gateway('copr', copr.url),
      farm: await gateway('farm', new URL(farm.url).origin),
    }
    // what their answers lead to goes the same way
    github.state.url = gateways.github.url
    copr.state.url = gateways.copr.url
    // limits are those of an hour, and hours are short here
    github.limit({ perHour: 10 ** 9, pointsPerMinute: 10 ** 9, contentPerMinute: 10 ** 9, concurrent: 10 ** 6 })
    const tell = farm.notifications.tell.bind(farm.notifications)
    farm.notifications.tell = (request) => void lossy.notifications.send(async () => tell(request))
    return new Fakes({ options, github, copr, farm, broker, gateways, lossy })
  }

  /** The settings of the service. */
  get env(): Record<string, string> {
    const { app } = this.github
    const { copr } = this
    return {
      PACKIT_GITHUB_APP_ID: String(app.appId),
      PACKIT_GITHUB_PRIVATE_KEY: app.privateKey,
      PACKIT_GITHUB_WEBHOOK_SECRET: app.webhookSecret,
      PACKIT_GITHUB_API_URL: this.github.apiUrl,
      PACKIT_COPR_URL: copr.url,
      PACKIT_COPR_LOGIN: copr.settings.login,
      PACKIT_COPR_TOKEN: copr.settings.token,
      PACKIT_COPR_OWNER: copr.settings.owner,
      PACKIT_TESTING_FARM_URL: `${this.#gateways.farm.url}/v0.1`,
      PACKIT_TESTING_FARM_TOKEN: this.farm.tokens.public,
      PACKIT_MESSAGES_URL: this.broker.url,
      PACKIT_MESSAGES_QUEUE: randomUUID(),
      PACKIT_MESSAGES_TOPIC_PREFIX: TOPICS,
    }
  }

  /** Makes the projects of the day, and what their pull requests will bring. */
  async prepare(plan: readonly PlannedRun[]): Promise<void> {
    // what is told of installations is not part of the day
    this.github.setDeliveryMode('drop')
    const count = Math.max(...plan.map(({ project }) => project)) + 1
    for (let index = 0; index < count; index += 1) {
      const pulls = plan.filter(({ project }) => project === index).length
      this.#projects.push(await makeProject(this.github, index, pulls))
    }
    this.github.deliveries.log.length = 0
    this.github.setDeliveryMode('send')
  }

  /** Has the day happen. @returns when its last pull request is opened */
  async live(plan: readonly PlannedRun[], webhook: string): Promise<void> {
    this.github.deliverTo(async (headers, body) => {
      let status = 0
      const arrived = await this.#lossy.deliveries.send(async () => {
        status = await post(webhook, headers, body)
      })
      if (!arrived || status === 0) throw new Error('failed to connect to host')
      return status
    })
    const begun = Date.now()
    for (const run of plan) {
      await sleep(Math.max(0, begun + (run.minute * 60_000) / this.#options.speed - Date.now()))
      const project = this.#projects[run.project]
      if (!project) throw new Error(`there is no project ${run.project}`)
      void openNext(this.github, project).then((pull) => this.#pulls.push(pull))
    }
  }

  counts(): FakesCounts {
    const { github, copr, farm } = this.#gateways
    const { deliveries, messages, notifications } = this.#lossy
    return {
      opened: this.#pulls.length,
      builds: this.copr.builds.length,
      requests: this.farm.requests.length,
      gateways: { github: github.counts, copr: copr.counts, farm: farm.counts },
      messages: { deliveries: deliveries.counts, messages: messages.counts, notifications: notifications.counts },
    }
  }

  /** From now on nothing goes wrong on the way. */
  heal(): void {
    for (const gateway of Object.values(this.#gateways)) gateway.heal()
  }

  held(): HeldState {
    return {
      builds: this.copr.builds.map((build) => ({
        id: build.id,
        project: build.project.name,
        isCanceled: build.canceled,
        chroots: Object.fromEntries(build.chroots.map(({ name, state }) => [name, state])),
      })),
      requests: this.farm.requests.map((request) => ({
        id: request.id,
        ...testedBuild(request),
        state: request.state,
        overall: request.overall,
      })),
      pulls: this.#pulls.map((pull) => ({
        name: `${pull.repository.owner.login}/${pull.repository.name}`,
        number: pull.number,
        checks: this.github.allCheckRuns(pull).map(({ name, status, conclusion }) => ({ name, status, conclusion })),
      })),
      violations: [...this.github.violations],
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const gateway of Object.values(this.#gateways)) await gateway[Symbol.asyncDispose]()
    for (const fake of [this.farm, this.copr, this.broker, this.github]) await fake[Symbol.asyncDispose]()
  }
}

function fateOfBuild({ project }: FakeBuild, chroot: string): Fate {
  return fateOf(project.name, chroot)
}

/** The build that a request is about, by what it says of its artifacts. */
function testedBuild({ body }: FakeRequest): { buildId: number; chroot: string } {
  const [environment] = (body.environments ?? []) as { artifacts?: { id?: string }[] }[]
  const [buildId = '', chroot = ''] = (environment?.artifacts?.[0]?.id ?? '').split(':')
  return { buildId: Number(buildId), chroot }
}

/** What Testing Farm does with a request: what breaks or sticks does so the first time only. */
async function runTests(
  request: FakeRequest,
  copr: FakeCopr,
  tested: Set<string>,
  minutesMs: (minutes: number) => number,
) {
  const { buildId, chroot } = testedBuild(request)
  const fate = fateOfBuild(copr.build(buildId), chroot)
  const what = `${buildId} ${chroot}`
  const isAgain = tested.has(what)
  tested.add(what)
  const test = isAgain && fate.test !== 'fails' ? 'passes' : fate.test
  await sleep(minutesMs(fate.testMinutes), undefined, { ref: false })
  if (test === 'sticks') return { state: 'error' as const, summary: 'Test environment timed out' }
  if (test === 'breaks') return { state: 'error' as const, summary: 'Provisioning the guest failed' }
  const result = test === 'fails' ? ('failed' as const) : ('passed' as const)
  return { overall: result, results: [{ name: '/tests/smoke', result, seconds: 3 }] }
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
  const response = await fetch(url, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}
