import { type CoprMessage, endMessage, SOURCE, startMessages } from './messages.ts'
import { type FakeBuild, type FakeChroot, type FakePackage, hasEnded, type State } from './state.ts'

export interface EndedChroot {
  log?: string
  packages?: FakePackage[]
  files?: Map<string, string>
}

const GOOD_LOG = `Mock Version: 6.1
INFO: Start(hello)
Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.1
+ make
Wrote: /builddir/build/RPMS/hello-1.0-1.x86_64.rpm
INFO: Done
`
const BAD_LOG = `Mock Version: 6.1
INFO: Start(hello)
Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.1
+ echo 'the build breaks here'
the build breaks here
+ exit 1
error: Bad exit status from /var/tmp/rpm-tmp.1 (%build)

RPM build errors:
    Bad exit status from /var/tmp/rpm-tmp.1 (%build)
ERROR: Command failed
`

/** Moves builds on as Copr's backend does, and tells the bus of it. */
export class Progress {
  readonly #state: State
  readonly #tell: (message: CoprMessage) => void

  constructor(state: State, tell: (message: CoprMessage) => void) {
    this.#state = state
    this.#tell = tell
  }

  startSource(build: FakeBuild): void {
    const { source } = build
    if (build.canceled || (source.state !== 'pending' && source.state !== 'starting')) return
    Object.assign(source, { state: 'running', startedOn: this.#state.seconds() })
    for (const message of startMessages(build, SOURCE)) this.#tell(message)
  }

  /** `import-failed`: the SRPM was made and could not be taken in; nothing is told of that. */
  endSource(build: FakeBuild, end: 'succeeded' | 'failed' | 'import-failed', log = 'Wrote: hello.src.rpm\n'): void {
    this.startSource(build)
    const { source } = build
    if (build.canceled || source.state !== 'running') return
    Object.assign(source, { log, endedOn: this.#state.seconds() })
    if (end === 'failed') return void this.#failSource(build, true)
    this.#tell(endMessage(build, SOURCE, 'succeeded'))
    if (end === 'import-failed') return void this.#failSource(build, false)
    // what nobody really made has to be there all the same
    build.srpm ??= { name: 'hello-1.0-1.src.rpm', data: Buffer.from('a source package') }
    Object.assign(source, { ...readSource(build), state: 'succeeded' })
    for (const chroot of build.chroots) if (chroot.state === 'waiting') chroot.state = 'pending'
  }

  #failSource(build: FakeBuild, isTold: boolean): void {
    const at = this.#state.seconds()
    build.source.state = 'failed'
    for (const chroot of build.chroots) {
      if (!hasEnded(chroot.state)) Object.assign(chroot, { state: 'failed', endedOn: isTold ? at : null })
    }
    if (isTold) this.#tell(endMessage(build, SOURCE, 'failed'))
  }

  startChroot(build: FakeBuild, name: string): void {
    if (build.source.state !== 'succeeded') this.endSource(build, 'succeeded')
    const chroot = findChroot(build, name)
    if (build.canceled || (chroot.state !== 'pending' && chroot.state !== 'starting')) return
    Object.assign(chroot, { state: 'running', startedOn: this.#state.seconds() })
    for (const message of startMessages(build, name)) this.#tell(message)
  }

  /** Ends a chroot, and begins it first where it did not run yet. */
  endChroot(build: FakeBuild, name: string, end: 'succeeded' | 'failed', ended: EndedChroot = {}): void {
    this.startChroot(build, name)
    const chroot = findChroot(build, name)
    if (build.canceled || chroot.state !== 'running') return
    const isGood = end === 'succeeded'
    Object.assign(chroot, {
      state: end,
      endedOn: this.#state.seconds(),
      log: ended.log ?? (isGood ? GOOD_LOG : BAD_LOG),
      packages: isGood ? (ended.packages ?? packagesOf(build, name)) : [],
      files: ended.files ?? new Map(),
    })
    this.#tell(endMessage(build, name, end))
  }

  /** The architecture is excluded: decided when the SRPM is there, and told by nobody. */
  skipChroot(build: FakeBuild, name: string): void {
    if (build.source.state !== 'succeeded') this.endSource(build, 'succeeded')
    const chroot = findChroot(build, name)
    if (!hasEnded(chroot.state)) Object.assign(chroot, { state: 'skipped', endedOn: this.#state.seconds() })
  }

  /** The distribution came to its end of life. */
  endOfLife(build: FakeBuild, name: string): void {
    const chroot = findChroot(build, name)
    if (!hasEnded(chroot.state)) chroot.state = 'canceled'
  }

  /** At once for the build; what no worker took stays as it is for ever, what runs ends like a failure. */
  cancel(build: FakeBuild): void {
    build.canceled = true
    if (build.source.state === 'running') {
      Object.assign(build.source, { state: 'failed', endedOn: this.#state.seconds() })
      this.#tell(endMessage(build, SOURCE, 'failed'))
    }
    for (const chroot of build.chroots) {
      if (chroot.state !== 'running') continue
      Object.assign(chroot, { state: 'failed', endedOn: this.#state.seconds(), log: `${chroot.log}Cancelled.\n` })
      this.#tell(endMessage(build, chroot.name, 'failed'))
    }
  }
}

export function findChroot(build: FakeBuild, name: string): FakeChroot {
  const found = build.chroots.find((chroot) => chroot.name === name)
  if (!found) throw new Error(`build ${build.id} has no chroot ${name}`)
  return found
}

const LEAD_MAGIC = 0xedabeedb
const LEAD_NAME = { from: 10, to: 76 }

/** Name and version as the SRPM says them: what begins like no RPM counts as `hello-1.0-1`. */
function readSource({ srpm }: FakeBuild): { name: string; version: string } {
  const data = srpm?.data ?? Buffer.alloc(0)
  const isRpm = data.length > LEAD_NAME.to && data.readUInt32BE(0) === LEAD_MAGIC
  const lead = isRpm ? data.subarray(LEAD_NAME.from, LEAD_NAME.to).toString().split('\0')[0] : undefined
  const [, name = 'hello', version = '1.0-1'] = /^(.+)-([^-]+-[^-]+)$/.exec(lead ?? '') ?? []
  return { name, version }
}

function packagesOf({ source }: FakeBuild, chroot: string): FakePackage[] {
  const [version = '1.0', release = '1'] = (source.version ?? '').split('-')
  const of = { name: source.name ?? 'hello', epoch: null, version, release }
  return [
    { ...of, arch: chroot.split('-').at(-1) ?? 'noarch' },
    { ...of, arch: 'src' },
  ]
}
