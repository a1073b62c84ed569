import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { hostInUrl } from '../../config/own-url.ts'
import { type Config, environmentWith, readConfig } from '../../config.ts'
import { openPostgres } from '../../db/open.ts'
import { findFreePort } from '../listen.ts'
import { openStorage } from '../open-storage.ts'
import { findOwner, holdDirectory } from '../owner.ts'
import { StoppedError, stopOnSignals } from '../stop.ts'
import { paint } from '../terminal.ts'
import { Child } from './child.ts'
import { type StandIns, startStandIns } from './copr-stand-ins.ts'
import { type Cluster, CoprStory } from './copr-story.ts'
import { type DemoDatabase, openDemoDatabase } from './database.ts'
import { NOTHING_OF_OTHERS } from './on-github.ts'
import { DATA_DIR } from './plain.ts'
import { done, type Stage } from './stage.ts'

const WORKERS = 2

/** The service as an installation for many has it, in processes of their own: web, two workers, PostgreSQL, Copr, Testing Farm. */
export async function demoOnCopr(stage: Stage): Promise<void> {
  const stop = stopOnSignals()
  const serve = async () => {
    await using parts = new AsyncDisposableStack()
    const cluster = await Promise.race([startAll(stage, parts), stop.stopped])
    process.exitCode = await Promise.race([new CoprStory(cluster.around, cluster, stage).tell(), stop.stopped])
    if (stage.once) return
    stage.output.write('\nServing; Ctrl-C stops.\n')
    await stop.stopped.catch(() => {})
  }
  try {
    await serve()
  } catch (error) {
    stage.printer.close()
    if (!(error instanceof StoppedError)) throw error
    // what was just being started when it was stopped ends with us
    process.exit(error.exitCode)
  }
}

/** @param parts  ends what was begun, in turn */
async function startAll(stage: Stage, parts: AsyncDisposableStack): Promise<Cluster & { around: StandIns }> {
  const { printer, output } = stage
  const config = await configOf()
  if (!(await findOwner(config.dataDir))) await rm(config.dataDir, { recursive: true, force: true })
  const held = await holdDirectory(config.dataDir)
  parts.defer(() => held.release())
  printer.print(`Packit Service demo: data in ${config.dataDir}, port ${config.port}`)
  const database = parts.use(await openDemoDatabase(config.databaseUrl))
  done(stage, `PostgreSQL: ${database.where}`)
  const around = parts.use(await startStandIns(join(config.dataDir, 'fake'), config))
  const { github, copr, farm } = around
  done(stage, `GitHub, Copr and Testing Farm: our own, on this machine alone: ${github.url}, ${copr.url}, ${farm.url}`)
  printer.print(paint(output, 'grey', 'starting one web process and two workers'))
  return { ...(await startProcesses(config, database, around, stage, parts)), around }
}

async function configOf(): Promise<Config> {
  const config = readConfig({
    defaults: { PACKIT_DATA_DIR: DATA_DIR },
    changed: { ...NOTHING_OF_OTHERS, DATABASE_URL: environmentWith({}).DATABASE_URL },
  })
  const port = await findFreePort(config.host, config.port)
  return { ...config, dataDir: resolve(config.dataDir, 'copr'), port }
}

async function startProcesses(
  config: Config,
  { url: databaseUrl }: DemoDatabase,
  around: StandIns,
  stage: Stage,
  parts: AsyncDisposableStack,
): Promise<Cluster> {
  const url = `http://${hostInUrl(config.host)}:${config.port}`
  const env = {
    ...NOTHING_OF_OTHERS,
    ...around.env,
    DATABASE_URL: databaseUrl,
    PACKIT_DATA_DIR: config.dataDir,
    PACKIT_PORT: String(config.port),
    PACKIT_WORKER_PORT: '0',
    PACKIT_PUBLIC_URL: url,
    PACKIT_GIT_ALLOW: `http://${new URL(around.github.url).hostname}`,
    PACKIT_BODHI_URL: 'off',
    PACKIT_SANDBOX_NETWORK: 'none',
    PACKIT_DRAIN_TIME: '0',
    PACKIT_LOG_LEVEL: 'info',
    PACKIT_STORAGE_URL: '',
    PACKIT_SHADOW: '0',
    PACKIT_COMMAND_PREFIX: '/packit',
  }
  const web = parts.use(new Child('the web process', ['web'], env))
  await web.said(({ msg }) => msg === 'serving')
  done(stage, `Web process ${web.pid}: ${url}`)
  const workers = Array.from({ length: WORKERS }, (_, i) => parts.use(new Child(`worker ${i + 1}`, ['worker'], env)))
  await Promise.all(workers.map((worker) => worker.said(({ msg }) => msg === 'working')))
  for (const worker of workers) done(stage, `Worker process ${worker.pid}: ${worker.name}`)
  const database = await openPostgres(databaseUrl, { migrate: false, poolSize: 4 })
  parts.defer(() => database.close())
  return { web, workers, dataDir: config.dataDir, place: { service: { database, storage: openStorage(config) }, url } }
}
