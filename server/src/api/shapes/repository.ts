import { installable, installLines, runRepositoryKey } from '../../domain/repository.ts'
import type { Links } from '../links.ts'

/** The packages of one run for one chroot, as they are published. */
export interface Published {
  name: string
  runId: number
  chroot: string
  packages: readonly { name: string; arch: string }[]
}

/** Where the `.repo` file of a run's own repository is served. */
export function repoFileUrl({ name, runId, chroot }: Omit<Published, 'packages'>, links: Links): string {
  return `${links.base}/${runRepositoryKey(name, runId, chroot)}/${name}.repo`
}

/** Where a published file is served. */
export function publishedFileUrl(of: Omit<Published, 'packages'>, file: string, links: Links): string {
  return `${links.base}/${runRepositoryKey(of.name, of.runId, of.chroot)}/${encodeURIComponent(file)}`
}

/** The commands that install what was published; several chroots are told apart by a comment line. */
export function toInstallLines(published: readonly Published[], links: Links): string[] {
  return published.flatMap((one) => {
    const names = [...new Set(installable(one.packages).map((built) => built.name))]
    const lines = installLines(repoFileUrl(one, links), names)
    return published.length > 1 && lines.length > 0 ? [`# ${one.chroot}`, ...lines] : lines
  })
}
