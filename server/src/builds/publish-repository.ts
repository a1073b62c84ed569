import { hasNewerPublished, setPublished } from '../db/published.ts'
import { findRun, type Pipeline, type Run } from '../db/runs.ts'
import { findRemote, newestRepositoryKey, repoFile, runRepositoryKey } from '../domain/repository.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { BuildDeps } from './deps.ts'

/** Publishes what a run has built, a repository for each chroot. Repeats make the same repository. */
export async function publishRepository({ runId }: Jobs['publish-repository'], deps: BuildDeps): Promise<void> {
  const run = await findRun(deps.database.db, runId)
  if (!run) return
  for (const pipeline of run.pipelines) {
    if (pipeline.publishedAt) continue
    const build = run.builds.find(({ groupId }) => groupId === pipeline.buildGroupId)
    if (build && findRemote(build)) await notePublished(run, pipeline, deps)
    else await publishPipeline(run, pipeline, deps)
  }
}

/** Copr publishes by itself, each chroot as soon as it is built. */
async function notePublished(run: Run, pipeline: Pipeline, { database, queue, now }: BuildDeps): Promise<void> {
  if (!run.targets.some((t) => t.groupId === pipeline.buildGroupId && t.state === 'success')) return
  await database.transaction(async (tx) => {
    await setPublished(tx, pipeline.id, null, now())
    await announceRun(tx, queue, run.id, now())
  })
}

async function publishPipeline(run: Run, pipeline: Pipeline, deps: BuildDeps): Promise<void> {
  const { database, queue, storage, repositories, reposUrl, now } = deps
  const name = pipeline.repositoryName
  const built = run.targets.filter((t) => t.groupId === pipeline.buildGroupId && t.state === 'success')
  if (!name || built.length === 0) return
  const isNewest = !(await hasNewerPublished(database.db, pipeline))
  for (const target of built) {
    const chroot = target.target ?? ''
    const folder = runRepositoryKey(name, run.id, chroot)
    await repositories.makeRepository(
      (target.files ?? []).map((file) => file.key),
      folder,
    )
    const own = { name: `${name}-run-${run.id}`, title: `${name}, run ${run.id}, ${chroot}` }
    await storage.put(
      `${folder}/${name}.repo`,
      repoFile({ ...own, url: `${reposUrl}/${name}/runs/${run.id}/${chroot}/` }),
    )
    if (!isNewest) continue
    await storage.publish(folder, newestRepositoryKey(name, chroot))
    const newest = { name, title: `${name}, ${chroot}`, url: `${reposUrl}/${name}/${chroot}/` }
    await storage.put(`repos/${name}/${name}-${chroot}.repo`, repoFile(newest))
  }
  await database.transaction(async (tx) => {
    await setPublished(tx, pipeline.id, `repos/${name}/runs/${run.id}`, now())
    await announceRun(tx, queue, run.id, now())
  })
}
