/** The text of a `.repo` file for dnf. */
export function repoFile(repository: { name: string; title: string; url: string }): string {
  return [
    `# ${repository.title}`,
    '# gpgcheck=0: these packages come from a change that was not merged yet, and are not signed.',
    `[packit-${repository.name}]`,
    `name=${repository.title}`,
    `baseurl=${repository.url}`,
    'enabled=1',
    'gpgcheck=0',
    'repo_gpgcheck=0',
    'skip_if_unavailable=1',
    'metadata_expire=60',
    '',
  ].join('\n')
}

/**
 * The lines that install a run's packages, for a page or a terminal.
 *
 * @param repoFileUrl  where the `.repo` file is served
 * @param names        names of the packages to install; without debug packages and sources
 */
export function installLines(repoFileUrl: string, names: readonly string[]): string[] {
  if (names.length === 0) return []
  // `dnf config-manager` is spelt differently by dnf 4 and 5, and missing from small systems
  const file = repoFileUrl.split('/').at(-1)
  return [`sudo curl -fo /etc/yum.repos.d/${file} ${repoFileUrl}`, `sudo dnf install ${names.join(' ')}`]
}

/** Packages one installs: not those that hold sources or debug data. */
export function installable<T extends { name: string; arch: string }>(packages: readonly T[]): T[] {
  return packages.filter((p) => p.arch !== 'src' && !/-debug(info|source)$/.test(p.name))
}

/** The storage key (and path below `/repos/`) of a run's own, immutable repository. */
export function runRepositoryKey(name: string, runId: number, chroot: string): string {
  return `repos/${name}/runs/${runId}/${chroot}`
}

/** The storage key of the newest repository of a trigger. */
export function newestRepositoryKey(name: string, chroot: string): string {
  return `repos/${name}/${chroot}`
}

/** A repository that its builder publishes: a project of Copr. */
export interface RemoteRepository {
  /** Address of the Copr, without a slash at the end. */
  hub: string
  owner: string
  project: string
}

/** Where a build is published, when that is not here; it follows from what the builder told of it. */
export function findRemote(build: {
  owner: string | null
  projectName: string | null
  webUrl: string | null
}): RemoteRepository | null {
  const hub = /^(https?:\/\/.+?)\/coprs\//.exec(build.webUrl ?? '')?.[1]
  if (!hub || !build.owner || !build.projectName) return null
  return { hub, owner: build.owner, project: build.projectName }
}

/** The one that dnf asks when it is told of no other. */
const DEFAULT_HUB = 'https://copr.fedorainfracloud.org'

/** The page of a project of Copr. */
export function remotePage({ hub, owner, project }: RemoteRepository): string {
  return `${hub}/coprs/${owner.startsWith('@') ? `g/${owner.slice(1)}` : owner}/${project}/`
}

/** Where Copr serves the `.repo` file for the release of a chroot. */
export function remoteRepoFile(of: RemoteRepository, chroot: string): string {
  const release = chroot.replace(/-[^-]+$/, '')
  const name = `${of.owner.replace('@', 'group_')}-${of.project}-${release}`
  return `${remotePage(of)}repo/${release}/${name}.repo`
}

interface Package {
  name: string
  epoch: number
  version: string
  release: string
}

/**
 * The lines that install exactly these packages from Copr: other builds of the project, older and newer, are in the same
 * repository.
 */
export function remoteInstallLines(of: RemoteRepository, chroot: string, packages: readonly Package[]): string[] {
  const names = [...new Set(packages.map(exactName))]
  if (names.length === 0) return []
  const repoFile = remoteRepoFile(of, chroot)
  const enable =
    of.hub === DEFAULT_HUB
      ? `sudo dnf copr enable ${of.owner}/${of.project} ${chroot}`
      : `sudo curl -fo /etc/yum.repos.d/${repoFile.split('/').at(-1)} ${repoFile}`
  return [enable, `sudo dnf install ${names.join(' ')}`]
}

function exactName({ name, epoch, version, release }: Package): string {
  return `${name}-${epoch > 0 ? `${epoch}:` : ''}${version}-${release}`
}
