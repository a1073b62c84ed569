import {
  installable,
  installLines,
  type RemoteRepository,
  remoteInstallLines,
  remoteRepoFile,
  runRepositoryKey,
} from '../../domain/repository.ts'
import type { Links } from '../links.ts'

/** The packages of one run for one chroot, as they are published. */
export interface Published {
  name: string
  runId: number
  chroot: string
  packages: readonly { name: string; epoch: number; version: string; release: string; arch: string }[]
  /** Where its builder has published it; null = here. */
  remote: RemoteRepository | null
}

/** Where the `.repo` file of a run's own repository, or of the project that it is part of, is served. */
export function repoFileUrl({ name, runId, chroot, remote }: Omit<Published, 'packages'>, links: Links): string {
  if (remote) return remoteRepoFile(remote, chroot)
  return `${links.base}/${runRepositoryKey(name, runId, chroot)}/${name}.repo`
}

/** Where a published file is served. */
export function publishedFileUrl(of: Omit<Published, 'packages' | 'remote'>, file: string, links: Links): string {
  return `${links.base}/${runRepositoryKey(of.name, of.runId, of.chroot)}/${encodeURIComponent(file)}`
}

/** The commands that install what was published; several chroots are told apart by a comment line. */
export function toInstallLines(published: readonly Published[], links: Links): string[] {
  return published.flatMap((one) => {
    const packages = installable(one.packages)
    const names = [...new Set(packages.map((built) => built.name))]
    const lines = one.remote
      ? remoteInstallLines(one.remote, one.chroot, packages)
      : installLines(repoFileUrl(one, links), names)
    return published.length > 1 && lines.length > 0 ? [`# ${one.chroot}`, ...lines] : lines
  })
}
