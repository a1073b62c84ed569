import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import { apiUrl } from '../../api/base.ts'
import { gridQuery } from '../../api/project-queries.ts'
import { type ProjectPath, statusQuery } from '../../api/queries.ts'
import { Command } from '../../components/CopyText.tsx'
import { Notice } from '../../components/Notice.tsx'
import { type BadgeChoice, badgePath, badgeSnippet, FORMATS, type Format } from '../../lib/badge.ts'
import { columnsOf } from '../../lib/grid.ts'
import { projectName } from '../../lib/names.ts'

interface BadgeProps {
  path: ProjectPath
  choice: BadgeChoice
}

/** The badge as it looks now, what it may show, and the lines that put it into a README. */
export function BadgeView({ path, choice }: BadgeProps) {
  const { data: status } = useSuspenseQuery(statusQuery())
  const address = apiUrl(badgePath(path, choice))
  const { forge, namespace, repo } = path
  const page = new URL(
    ['projects', forge, ...namespace.split('/'), repo].map(encodeURIComponent).join('/'),
    document.baseURI,
  )
  const name = `Packit: ${projectName(namespace, repo)}`
  return (
    <>
      <section>
        <h2>As it looks now</h2>
        <p className="badge-picture">
          <img src={address} alt={`Badge that shows ${meaningOf(choice)}`} height={20} />
        </p>
        <p className="subtle">It shows {meaningOf(choice)}, and is at most a minute old.</p>
      </section>
      <section>
        <h2>What it shows</h2>
        <ChoiceForm key={JSON.stringify(choice)} path={path} choice={choice} />
      </section>
      <section>
        <h2>For the README</h2>
        {status.public_url_set ? null : (
          <Notice kind="info" title="These addresses may work for you alone">
            Whoever runs this service has not told it its public address (<code>PACKIT_PUBLIC_URL</code>).
          </Notice>
        )}
        <Snippets image={new URL(address, document.baseURI).href} page={page.href} alt={name} />
      </section>
    </>
  )
}

function meaningOf({ branch, pr, target }: BadgeChoice): string {
  const what = branch ? `the newest push to ${branch}` : pr ? `pull request #${pr}` : 'the newest push to any branch'
  return target ? `${target} of ${what}` : what
}

/** What is chosen is part of the address. A branch and a pull request exclude each other: the other field is emptied. */
function ChoiceForm({ path, choice }: BadgeProps) {
  const navigate = useNavigate()
  const branches = useQuery(gridQuery(path, { kind: 'branch' })).data?.rows ?? []
  const pulls = useQuery(gridQuery(path, { kind: 'pull_request' })).data?.rows ?? []
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const typed = (name: string) => String(form.get(name) ?? '').trim() || undefined
    const branch = typed('branch')
    const pr =
      branch === undefined || branch === choice.branch ? Number(typed('pr')?.replace(/^#/, '')) || undefined : undefined
    const search = { tab: 'badge', branch: pr === undefined ? branch : undefined, pr, target: typed('target') } as const
    void navigate({ to: '.', search })
  }
  return (
    <form className="filter-form" onSubmit={submit}>
      <ChoiceField
        label="Branch"
        name="branch"
        value={choice.branch}
        known={branches.flatMap((row) => row.branch_name ?? [])}
      />
      <ChoiceField
        label="Pull request"
        name="pr"
        value={choice.pr}
        known={pulls.flatMap((row) => (row.pr_id === null ? [] : String(row.pr_id)))}
      />
      <ChoiceField label="Target" name="target" value={choice.target} known={columnsOf([...branches, ...pulls])} />
      <button type="submit" className="pf-v6-c-button pf-m-primary pf-m-small">
        Show
      </button>
    </form>
  )
}

interface FieldProps {
  label: string
  name: string
  value: string | number | undefined
  /** Offered while one types. */
  known: readonly string[]
}

function ChoiceField({ label, name, value, known }: FieldProps) {
  const id = useId()
  return (
    <div className="filter-field">
      <label htmlFor={id}>{label}</label>
      <span className="pf-v6-c-form-control">
        <input
          id={id}
          name={name}
          list={`${id}-known`}
          defaultValue={value ?? ''}
          placeholder="any"
          autoComplete="off"
          spellCheck={false}
        />
      </span>
      <datalist id={`${id}-known`}>
        {known.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </div>
  )
}

function Snippets({ image, page, alt }: { image: string; page: string; alt: string }) {
  const [format, setFormat] = useState<Format>('Markdown')
  return (
    <>
      <fieldset className="filter">
        <legend className="sr-only">Format</legend>
        {FORMATS.map((each) => (
          <button
            key={each}
            type="button"
            className={`pf-v6-c-button pf-m-small ${each === format ? 'pf-m-secondary pressed' : 'pf-m-tertiary'}`}
            aria-pressed={each === format}
            onClick={() => setFormat(each)}
          >
            {each}
          </button>
        ))}
      </fieldset>
      <Command lines={badgeSnippet(format, image, page, alt)} what={`the ${format} lines`} prompt={false} />
    </>
  )
}
