import type { ToBuild } from '../builders/builder.ts'
import type { Db } from '../db/database.ts'
import { findEvent } from '../db/events.ts'
import type { Build, BuildTarget, Run } from '../db/runs.ts'
import { type BuildOptions, readBuildOptions } from '../domain/build-options.ts'
import { hasEnded } from '../domain/status.ts'

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

/** What a builder is told of a build, whatever it is made of. */
export function toBuild(build: Build, targets: readonly BuildTarget[], settings: BuildSettings): Omit<ToBuild, 'id'> {
  const { forgeProject, options } = settings
  return {
    chroots: targets.filter(({ state }) => !hasEnded(state)).map(({ target }) => target ?? ''),
    project: build.projectName ?? '',
    wantedSince: build.submittedAt,
    ...(forgeProject ? { forgeProject } : {}),
    ...(options ? { options } : {}),
  }
}

/** Why a build may not go to a builder; undefined when it may. */
export function refuseBuilder({ isPrivate }: BuildSettings, { isRemote }: { isRemote: boolean }): string | undefined {
  if (!isPrivate || !isRemote) return undefined
  return 'The repository is private, and what Copr builds can be read by everybody: it is not built there.'
}
