import type { State } from '../../domain/status.ts'
import type { TestCaseResult } from '../../domain/test-result.ts'
import { cleanResults } from '../clean-results.ts'
import type { Examination, ExaminedPackage } from './inside/examine-result.ts'
import { readRpmlint } from './rpmlint.ts'

export interface Verdict {
  state: State
  reason: string | null
  results: TestCaseResult[]
}

/** What an examination says: each package whether it can be installed, then each finding of rpmlint. */
export function judge(examination: Examination): Verdict {
  const installation = examination.packages.map((one) => judgePackage(one, examination))
  const findings = [...installation, ...conflictResults(examination), ...readRpmlint(examination.rpmlint)]
  const results = cleanResults(findings)
  const has = (word: TestCaseResult['result']) => findings.some(({ result }) => result === word)
  if (has('failed')) return { state: 'failure', reason: null, results }
  if (has('error')) return { state: 'error', reason: firstLine(findings, 'error'), results }
  // rpmlint alone is no test of the packages
  if (installation.some(({ result }) => result === 'passed')) return { state: 'success', reason: null, results }
  const reason = `No package could be tried: ${firstLine(installation, 'skipped') ?? 'there are none'}`
  return { state: 'skipped', reason, results }
}

const BLANK = { suite: 'installation', seconds: null, place: null, logs: [] }

function judgePackage({ file, nevra, nvra }: ExaminedPackage, examination: Examination): TestCaseResult {
  const { missing, conflicts, install, installed } = examination
  const result = (word: TestCaseResult['result'], message: string | null): TestCaseResult => ({
    ...{ ...BLANK, name: nevra, result: word, message, place: { path: file, line: null } },
  })
  const needs = missing.filter(({ by }) => by === nvra || by === nevra).map(({ need }) => need)
  if (needs.length > 0) return result('skipped', describeNeeds(nevra, needs))
  if (conflicts.length > 0) return result('not-run', 'Packages exclude each other: none was installed.')
  if (install === null) return result('not-run', 'It was not installed: others could not be.')
  const complaint = findComplaint(install.output, nvra, nevra)
  if (complaint) return result(isOfThisPlace(complaint) ? 'skipped' : 'failed', complaint)
  if (installed.includes(nvra)) return result('passed', 'Installed from the repository into an empty root.')
  const why = install.exitCode === 0 ? 'dnf left it out.' : `dnf failed: ${endOf(install.output)}`
  return result(isOfThisPlace(install.output) ? 'skipped' : 'failed', why)
}

const MOST_NEEDS = 5

function describeNeeds(nevra: string, needs: string[]): string {
  const unique = [...new Set(needs)]
  const more = unique.length > MOST_NEEDS ? ` and ${unique.length - MOST_NEEDS} more` : ''
  return `${nevra} needs ${unique.slice(0, MOST_NEEDS).join(', ')}${more}, which no repository here has.`
}

/** One result for each conflict; the files are named in it. */
function conflictResults({ conflicts }: Examination): TestCaseResult[] {
  return conflicts.map((line): TestCaseResult => {
    const path = /^file (\S+)/.exec(line)?.[1]
    return {
      ...BLANK,
      name: path === undefined ? 'packages that exclude each other' : 'file conflict',
      result: 'failed',
      message: line,
      place: path === undefined ? null : { path, line: null },
    }
  })
}

/** What dnf or rpm say of one package while it is installed: scriptlets that fail, archives that can't be unpacked. */
function findComplaint(output: string, nvra: string, nevra: string): string | undefined {
  const name = nvra.replace(/-[^-]+-[^-]+$/, '')
  const names = [nvra, nevra, `package ${name}`]
  const lines = output.split('\n').filter((line) => /scriptlet|unpacking of archive failed|cpio:/i.test(line))
  const found = lines.filter((line) => /fail|error/i.test(line) && names.some((one) => line.includes(one)))
  return found.length > 0 ? found.slice(0, 5).join('\n').trim() : undefined
}

/** Owners, capabilities and devices can't be had in the sandbox: nothing is wrong with a package that has them. */
function isOfThisPlace(text: string): boolean {
  return /cpio: (l?chown|cap_set_file|setcap|mknod|mkfifo) failed/.test(text)
}

function endOf(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  return lines.filter(Boolean).slice(-10).join('\n')
}

function firstLine(results: readonly TestCaseResult[], word: TestCaseResult['result']): string | null {
  const found = results.find(({ result }) => result === word)
  return found?.message?.split('\n')[0] ?? null
}
