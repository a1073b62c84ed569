/**
 * A stand-in for mock: takes its options, writes its logs and results, ends with its exit codes. What the SRPM says decides how
 * the build goes; nothing is built.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeRpm } from './make-rpm.ts'

const [configDir = '', ...args] = process.argv.slice(2)
const { values, positionals } = parseArgs({
  args,
  allowPositionals: true,
  strict: false,
  options: {
    root: { type: 'string', short: 'r' },
    rebuild: { type: 'boolean' },
    resultdir: { type: 'string' },
    uniqueext: { type: 'string' },
    define: { type: 'string', short: 'D', multiple: true },
  },
})
const root = String(values.root)
const resultDir = String(values.resultdir)
const [srpm = ''] = positionals
const unknown = args.find((arg) =>
  /^--(?!rebuild|resultdir|uniqueext|define|cleanup-after|rpmbuild_timeout=)/.test(arg),
)

function end(code: number, message: string): never {
  process.stderr.write(`${code === 0 ? 'INFO' : 'ERROR'}: ${message}\n`)
  process.exit(code)
}

if (
  unknown &&
  !/^--(additional-package|addrepo|with|without)=|^--(enable-network|(no-)?bootstrap-chroot)$/.test(unknown)
)
  end(5, `unrecognized arguments: ${unknown}`)
if (!existsSync(join(configDir, `${root}.cfg`))) end(3, `Could not find required config file: ${root}.cfg`)
if (!existsSync(srpm)) end(40, `Cannot find/open srpm: ${srpm}`)
mkdirSync(resultDir, { recursive: true })
const write = (log: string, text: string) => appendFileSync(join(resultDir, log), text)
const content = readFileSync(srpm, 'utf8')
write('state.log', 'Start: rebuild\n')
write('root.log', `DEBUG util.py: unshared ${values.uniqueext}\n`)
if (content === 'lacking') {
  write('root.log', "DEBUG util.py: No matching package to install: 'libmissing-devel'\n")
  end(30, 'Command failed: dnf builddep')
}
if (content === 'locked') end(60, 'Build root is locked by another process.')
write('build.log', `Building target platforms: ${root.split('-').at(-1)}\nExecuting(%build): /bin/sh -e\n`)
if (content === 'failing') {
  write('build.log', 'the build breaks here\nerror: Bad exit status from /var/tmp/rpm-tmp.1 (%build)\n')
  end(10, 'Exception(hello-1.0-1.src.rpm) Config(x) 0 minutes 0 seconds')
}
if (content === 'slow') end(11, 'commandTimeoutExpired: Timeout(1) expired for command')
if (content === 'endless') {
  process.on('SIGTERM', () => process.exit(143))
  setInterval(() => {}, 1000)
} else {
  const arch = root.split('-').at(-1) ?? ''
  const of = { name: 'hello', version: '1.0', release: '1', arch }
  writeFileSync(join(resultDir, `hello-1.0-1.${arch}.rpm`), makeRpm(of))
  writeFileSync(join(resultDir, 'hello-1.0-1.src.rpm'), makeRpm({ ...of, isSource: true }))
  write('build.log', `Wrote: /builddir/build/RPMS/hello-1.0-1.${arch}.rpm\n`)
  write('state.log', 'Finish: rebuild\n')
}
