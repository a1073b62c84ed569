/** Addresses of earlier dashboards that forges and mails still hold, and where they lead now. */
const MOVED: readonly [from: RegExp, to: string][] = [
  [/^\/results(\/.*)?$/, '/jobs$1'],
  [/^\/pipelines\/(\d+)$/, '/pipeline/$1'],
  [/^\/pipeline$/, '/pipelines'],
  [/^\/jobs\/copr-builds(\/.*)?$/, '/jobs/copr$1'],
  [/^\/jobs\/koji-builds(\/.*)?$/, '/jobs/koji$1'],
  [/^\/jobs\/downstream-koji-builds(\/.*)?$/, '/jobs/koji-downstream$1'],
  [/^\/jobs\/srpm-builds(\/.*)?$/, '/jobs/srpm$1'],
  [/^\/jobs\/testing-farm-runs(\/.*)?$/, '/jobs/testing-farm$1'],
  [/^\/jobs\/propose-downstreams(\/.*)?$/, '/jobs/propose-downstream$1'],
  [/^\/jobs\/pull-from-upstreams(\/.*)?$/, '/jobs/pull-from-upstream$1'],
  [/^\/jobs\/bodhi-updates(\/.*)?$/, '/jobs/bodhi$1'],
  // a list is called by the plural, one of it by the singular: either is meant
  [/^\/jobs\/koji-tag-requests\/(\d+)$/, '/jobs/koji-tag-request/$1'],
  [/^\/jobs\/koji-tag-request$/, '/jobs/koji-tag-requests'],
  [/^\/jobs$/, '/jobs/copr'],
]

/** Where an old address leads, in one hop; null for one that is as it should be. */
export function newAddress(path: string): string | null {
  let address = path.length > 1 ? path.replace(/\/$/, '') : path
  for (const [from, to] of MOVED) if (from.test(address)) address = address.replace(from, to).replace('$1', '')
  return address === path ? null : address
}
