/** Addresses of earlier dashboards that forges and mails still hold, and where they lead now. */
const MOVED: readonly [from: RegExp, to: string][] = [
  [/^\/results(\/.*)?$/, '/jobs$1'],
  [/^\/pipelines\/(\d+)$/, '/pipeline/$1'],
  [/^\/pipeline$/, '/pipelines'],
  [/^\/jobs\/copr-builds(\/.*)?$/, '/jobs/copr$1'],
  [/^\/jobs\/srpm-builds(\/.*)?$/, '/jobs/srpm$1'],
  // the lists of single steps are the list of runs, where each step is one click away
  [/^\/jobs(\/copr|\/srpm)?$/, '/pipelines'],
]

/** Where an old address leads, in one hop; null for one that is as it should be. */
export function newAddress(path: string): string | null {
  let address = path.length > 1 ? path.replace(/\/$/, '') : path
  for (const [from, to] of MOVED) if (from.test(address)) address = address.replace(from, to).replace('$1', '')
  return address === path ? null : address
}
