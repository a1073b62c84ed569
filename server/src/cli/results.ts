import type { Run } from '../db/runs.ts'
import { findRemote, installable, installLines, remoteInstallLines, remoteRepoFile } from '../domain/repository.ts'

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
    const packages = installable(target.builtPackages ?? [])
    const build = run.builds.find(({ id }) => id === target.buildRowId)
    const remote = build && findRemote(build)
    if (remote) {
      const commands = remoteInstallLines(remote, chroot, packages)
      return [{ chroot, repoFile: remoteRepoFile(remote, chroot), commands }]
    }
    const repoFile = `${reposUrl}/${name}/${name}-${chroot}.repo`
    const names = packages.map((found) => found.name)
    return [{ chroot, repoFile, commands: installLines(repoFile, names) }]
  })
}
