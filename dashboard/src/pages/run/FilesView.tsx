import { useQuery } from '@tanstack/react-query'
import { apiUrl } from '../../api/base.ts'
import { srpmQuery } from '../../api/queries.ts'
import type { Run, Step } from '../../api/types.ts'
import { Notice } from '../../components/Notice.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { formatSize } from '../../lib/names.ts'
import { hasEnded } from '../../lib/state.ts'

/** The packages of more chroots than this are folded. */
const OPEN_CHROOTS = 2

/** What the run left behind, by step: packages, the SRPM, logs, with their sizes; and what is not kept any more. */
export function FilesView({ run }: { run: Run }) {
  const steps = run.steps.filter(({ kind, state }) => (kind === 'srpm' || kind === 'build') && hasEnded(state))
  const kept = steps.filter((step) => step.log !== null || step.files.length > 0)
  if (kept.length === 0) return null
  return (
    <section className="files">
      <h2>Files</h2>
      {isExpired(run) ? <Expired run={run} /> : null}
      {kept.map((step, index) => (
        <StepFiles key={`${step.kind}-${step.id}`} step={step} isOpen={index <= OPEN_CHROOTS} />
      ))}
    </section>
  )
}

/** Packages were made and published, and are nowhere to be had. */
function isExpired(run: Run): boolean {
  return (
    run.expired_at !== null ||
    (hasEnded(run.state) && run.steps.some(({ files }) => files.length > 0 && files.every(({ url }) => url === null)))
  )
}

function Expired({ run }: { run: Run }) {
  const which = run.repository === null ? 'The packages' : 'Some packages'
  const isPr = run.trigger?.pr_id != null && /^https?:/.test(run.trigger_url ?? '')
  return (
    <Notice kind="info" title={`${which} of this run are not kept any more, or were never published`}>
      {isPr ? (
        <>
          To build them again, comment <code>/packit build</code> on the pull request.
        </>
      ) : (
        'To build them again, push a commit.'
      )}
    </Notice>
  )
}

interface StepFilesProps {
  step: Step
  isOpen: boolean
}

/** The files of one step, as a list that can be folded. */
export function StepFiles({ step, isOpen }: StepFilesProps) {
  const size = step.files.reduce((sum, file) => sum + file.size, 0)
  const count = step.files.length
  const name = step.target === null ? step.name : <code>{step.name}</code>
  if (count === 0) {
    return (
      <div className="step-files only-log">
        <span>{name}</span>
        <ul className="plain">
          <FilesOf step={step} />
        </ul>
      </div>
    )
  }
  return (
    <details className="step-files" open={isOpen}>
      <summary>
        {name}{' '}
        <span className="subtle">
          {count === 1 ? '1 package' : `${count} packages`}, {formatSize(size)}
        </span>
      </summary>
      <ul className="plain file-list">
        <FilesOf step={step} />
      </ul>
    </details>
  )
}

function FilesOf({ step }: { step: Step }) {
  return (
    <>
      {step.kind === 'srpm' && step.id !== null && step.state === 'success' ? <SrpmFile id={step.id} /> : null}
      {step.files.map((file) => (
        <File key={file.name} {...file} />
      ))}
      <LogFile step={step} />
    </>
  )
}

function File({ name, url, size }: { name: string; url: string | null; size: number | null }) {
  return (
    <li className="file">
      <WebLink href={url}>
        <code>{name}</code>
      </WebLink>
      <span className="subtle file-size">{size === null ? '' : formatSize(size)}</span>
    </li>
  )
}

/** The SRPM's address is known to its own page only. */
function SrpmFile({ id }: { id: number }) {
  const { data } = useQuery(srpmQuery(id))
  if (!data?.url) return null
  return <File name={decodeURIComponent(data.url.split('/').at(-1) ?? 'SRPM')} url={data.url} size={null} />
}

function LogFile({ step }: { step: Step }) {
  if (step.log === null) return null
  return (
    <li className="file">
      <a href={apiUrl(step.log)}>
        <code>build.log</code>
      </a>
      <span className="subtle file-size">{step.log_size === null ? '' : formatSize(step.log_size)}</span>
    </li>
  )
}
