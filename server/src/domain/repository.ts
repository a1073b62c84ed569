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
