import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FakeCopr } from '../../builders/copr/fake/fake-copr.ts'
import { realPace } from '../../builders/copr/fake/real-builds.ts'
import type { Config } from '../../config.ts'
import type { FakeGithub } from '../../forges/github/fake/fake-github.ts'
import type { Repository } from '../../forges/github/fake/things.ts'
import { FakeBroker } from '../../messages/fake/fake-broker.ts'
import { createSandbox } from '../../sandbox/bubblewrap.ts'
import { openFolderStorage } from '../../storage/folder.ts'
import { FakeTestingFarm } from '../../testers/testing-farm/fake/fake-testing-farm.ts'
import { createRealRun, type FakeArtifact } from '../../testers/testing-farm/fake/real-run.ts'
import { startGithub } from './github-stand-in.ts'

const TOPICS = 'org.fedoraproject.prod'
const DISTRIBUTIONS = ['fedora-rawhide', 'fedora-43', 'epel-10']
const TESTED = 'fedora-43'
const ARCHES: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' }

/** What lies around the service in this demo, all of it on this machine. */
export interface StandIns extends AsyncDisposable {
  github: FakeGithub
  repository: Repository
  copr: FakeCopr
  farm: FakeTestingFarm
  /** The settings by which the service finds them. */
  env: Record<string, string>
}

/** @param dir  for what they keep: repositories, packages */
export async function startStandIns(dir: string, { buildLimits }: Config): Promise<StandIns> {
  await using begun = new AsyncDisposableStack()
  const arch = ARCHES[process.arch] ?? process.arch
  const { github, repository } = await startGithub(join(dir, 'github'), filesFor(arch))
  begun.use(github)
  const broker = begun.use(await FakeBroker.start())
  const storage = openFolderStorage(join(dir, 'copr'))
  const workDir = join(dir, 'work')
  await mkdir(workDir, { recursive: true })
  const sandbox = createSandbox({ parallel: 2 })
  begun.defer(() => sandbox.close())
  const copr = begun.use(
    await FakeCopr.start({
      chroots: DISTRIBUTIONS.map((distribution) => `${distribution}-${arch}`),
      pace: realPace({ sandbox, limits: buildLimits, storage, workDir, arch }),
      storage,
      onMessage: ({ topic, body }) => broker.publish(`${TOPICS}.${topic}`, body),
    }),
  )
  // it listens on 127.0.0.1 alone; the name reads better on the pages
  copr.state.url = copr.url.replace('127.0.0.1', 'localhost')
  const repositoryOf = ({ id }: FakeArtifact) => {
    const [build = '', chroot] = id.split(':')
    const { project, dirname } = copr.build(build)
    return `${copr.url}/results/${project.owner}/${dirname}/${chroot}`
  }
  const run = createRealRun({ sandbox, limits: buildLimits, workDir, repositoryOf })
  const farm = begun.use(await FakeTestingFarm.start({ run }))
  const { url, login, token, owner } = copr.settings
  const running = begun.move()
  return {
    ...{ github, repository, copr, farm },
    env: {
      PACKIT_GITHUB_API_URL: github.apiUrl,
      ...{ PACKIT_COPR_URL: url, PACKIT_COPR_LOGIN: login, PACKIT_COPR_TOKEN: token, PACKIT_COPR_OWNER: owner },
      PACKIT_TESTING_FARM_URL: farm.url,
      PACKIT_TESTING_FARM_TOKEN: farm.tokens.public,
      PACKIT_MESSAGES_URL: broker.url,
      PACKIT_MESSAGES_QUEUE: randomUUID(),
      PACKIT_MESSAGES_TOPIC_PREFIX: TOPICS,
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** The sample wants packages for what this machine can build, and has them tested. */
function filesFor(arch: string): Record<string, string> {
  const list = (names: readonly string[]) => names.map((name) => `      - ${name}-${arch}\n`).join('')
  const config = `# What the service does for this project; see https://packit.dev/docs/configuration
upstream_package_name: hello
downstream_package_name: hello
specfile_path: hello.spec
upstream_tag_template: "v{version}"

jobs:
  - job: copr_build
    trigger: pull_request
    targets:
${list(DISTRIBUTIONS)}
  - job: tests
    trigger: pull_request
    targets:
${list([TESTED])}`
  const plan = 'summary: The greeting\ndiscover:\n  how: fmf\nexecute:\n  how: tmt\n'
  return { '.packit.yaml': config, '.fmf/version': '1\n', 'plans/greeting.fmf': plan }
}
