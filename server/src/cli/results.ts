import type { Run } from '../db/runs.ts'
import { installable, installLines } from '../domain/repository.ts'

export interface Install {
  chroot: string
  repoFile: string
  commands: string[]
}

/** Where what a run has published is to be had, for each chroot. */
export function installOf(run: Run, reposUrl: string): Install[] {
  return run.targets.flatMap((target) => {
    const pipeline = run.pipelines.find((p) => p.buildGroupId === target.groupId)
    const name = pipeline?.repositoryName
    if (!name || !pipeline.publishedAt || target.state !== 'success') return []
    const chroot = target.target ?? ''
    const repoFile = `${reposUrl}/${name}/${name}-${chroot}.repo`
    const names = installable(target.builtPackages ?? []).map((p) => p.name)
    return [{ chroot, repoFile, commands: installLines(repoFile, names) }]
  })
}
