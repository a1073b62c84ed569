/** Names of architectures as RPM has them, by Node's. */
const ARCHES: Record<string, string> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
}

/**
 * The name of what is built on this machine itself, `host-debian-12-x86_64`: it never reads like a clean root.
 *
 * @param osRelease  text of /etc/os-release (os-release(5)); fields it lacks are `linux` and `rolling`
 * @param arch       as Node names it
 */
export function hostChroot(osRelease: string, arch: string): string {
  const id = readField(osRelease, 'ID') || 'linux'
  const version = readField(osRelease, 'VERSION_ID') || readField(osRelease, 'VERSION_CODENAME') || 'rolling'
  return `host-${id}-${version}-${ARCHES[arch] ?? arch}`
}

function readField(osRelease: string, name: string): string {
  const value = new RegExp(`^${name}=(["']?)(.*?)\\1\\s*$`, 'm').exec(osRelease)?.[2] ?? ''
  // it becomes part of names, paths and addresses
  return value.toLowerCase().replace(/[^a-z0-9._+~]/g, '')
}
