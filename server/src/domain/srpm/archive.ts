/**
 * The directory that an archive unpacks into: the only one at its top (files beside it don't count), else the template
 * filled in. A leading `./` of the entries is passed over.
 *
 * @param entries  names as `tar -t` prints them, directories with a slash at the end; null when it isn't a tar file
 */
export function archiveRootDir(
  entries: readonly string[] | null,
  template: string,
  values: { upstream_pkg_name: string; version: string },
): string {
  const names = (entries ?? [])
    .map((entry) => entry.replace(/^(\.\/+)+/, ''))
    .filter((name) => name !== '' && name !== '.')
  const roots = new Set(names.filter((name) => name.includes('/')).map((name) => name.slice(0, name.indexOf('/'))))
  const [root] = roots
  if (roots.size === 1 && root) return root
  return template.replaceAll('{upstream_pkg_name}', values.upstream_pkg_name).replaceAll('{version}', values.version)
}

/**
 * The archive that the commands of `create-archive` made: the last printed line, last command first, that is the path of
 * a file.
 */
export function findArchive(outputs: readonly string[], isFile: (path: string) => boolean): string | undefined {
  const lines = outputs.flatMap((output) => output.split('\n').map((line) => line.trim()))
  return lines.findLast((line) => line !== '' && isFile(line))
}
