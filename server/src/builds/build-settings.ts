import type { Db } from '../db/database.ts'
import { findEvent } from '../db/events.ts'
import type { Build, Run } from '../db/runs.ts'
import { type BuildOptions, readBuildOptions } from '../domain/build-options.ts'

/** What a builder has to know of a build, beside what it is made of. */
export interface BuildSettings {
  isPrivate?: boolean
  forgeProject?: string
  options?: BuildOptions
}

/** What the frozen plan says of a build. */
export async function findBuildSettings(db: Db, run: Run, build: Build): Promise<BuildSettings> {
  const pipeline = run.pipelines.find((one) => one.buildGroupId === build.groupId)
  const found = pipeline?.eventId == null ? undefined : await findEvent(db, pipeline.eventId)
  if (!pipeline || !found) return {}
  const { forge, namespace, name, isPrivate } = found.project
  const of = { forgeProject: `${forge}/${namespace}/${name}`, isPrivate }
  const planned = found.plan?.builds.find(
    (one) => one.package === pipeline.package && one.identifier === pipeline.identifier,
  )
  const packages = planned && found.plan?.config?.jobs[planned.jobIndex]?.packages
  const options = packages?.[pipeline.package || (Object.keys(packages)[0] ?? '')]
  if (!options) return of
  return { ...of, options: readBuildOptions(options, planned?.targetOptions) }
}
