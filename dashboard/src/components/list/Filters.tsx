import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useId, useRef, useState } from 'react'
import { type FilterName, filtersOf, type ListSearch } from '../../lib/list-search.ts'
import { Icon } from '../Icon.tsx'

const LABELS: Record<FilterName, string> = {
  project: 'Project',
  pr: 'Pull request',
  branch: 'Branch',
  release: 'Release',
  commit: 'Commit',
  package: 'Package',
  target: 'Target',
  status: 'State',
  since: 'From',
  until: 'Until',
}

const HINTS: Partial<Record<FilterName, string>> = {
  project: 'github.com/acme/hello',
  pr: '12',
  branch: 'main',
  release: 'v1.2',
  commit: 'first digits suffice',
  target: 'fedora-rawhide-x86_64',
}

/** Words that `status` may have, and how they are shown. */
export type StatusWords = readonly { value: string; label: string }[]

interface FiltersProps {
  search: ListSearch
  /** Those that the list knows, in their order. */
  names: readonly FilterName[]
  statuses?: StatusWords
  /** What is listed: "runs". */
  of: string
}

/** The filters of a list. They are part of the address: it can be sent to a colleague, and Back takes one back. */
export function Filters({ search, names, statuses = [], of }: FiltersProps) {
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const set = filtersOf(search).filter((name) => names.includes(name))
  const go = (change: ListSearch) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, page: undefined, ...change }) })
  // what was pressed is about to vanish: whoever works by keys goes on from here
  const goAndClose = (change: ListSearch) => {
    setOpen(false)
    opener.current?.focus()
    go(change)
  }
  return (
    <div className="filters">
      <div className="filter-row">
        {statuses.length > 0 ? <StatusFilter chosen={search.status} statuses={statuses} of={of} onChoose={go} /> : null}
        <button
          type="button"
          className="pf-v6-c-button pf-m-small pf-m-tertiary"
          ref={opener}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="search" /> Filter
        </button>
        <OrderSwitch order={search.order} onChoose={go} />
      </div>
      {isOpen ? <FilterForm search={search} names={names} onSet={goAndClose} /> : null}
      <Chips search={search} names={set.filter((name) => name !== 'status')} onSet={goAndClose} />
    </div>
  )
}

type Go = (change: ListSearch) => void

function StatusFilter({
  chosen,
  statuses,
  of,
  onChoose,
}: {
  chosen: string | undefined
  statuses: StatusWords
  of: string
  onChoose: Go
}) {
  return (
    <fieldset className="filter">
      <legend className="sr-only">Show {of} by state</legend>
      {[{ value: undefined, label: 'All' }, ...statuses].map(({ value, label }) => (
        <button
          key={label}
          type="button"
          className={`pf-v6-c-button pf-m-small ${value === chosen ? 'pf-m-secondary pressed' : 'pf-m-tertiary'}`}
          aria-pressed={value === chosen}
          onClick={() => onChoose({ status: value })}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}

function OrderSwitch({ order, onChoose }: { order: ListSearch['order']; onChoose: Go }) {
  const isOldFirst = order === 'asc'
  return (
    <button
      type="button"
      className="pf-v6-c-button pf-m-small pf-m-tertiary"
      onClick={() => onChoose({ order: isOldFirst ? undefined : 'asc' })}
    >
      {isOldFirst ? 'Oldest first' : 'Newest first'}
    </button>
  )
}

function FilterForm({ search, names, onSet }: { search: ListSearch; names: readonly FilterName[]; onSet: Go }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const typed = (name: FilterName) => String(form.get(name) ?? '').trim() || undefined
    const change: ListSearch = {}
    for (const name of names) {
      if (name === 'status') continue
      if (name === 'pr') change.pr = Number(typed(name)?.replace(/^#/, '')) || undefined
      else change[name] = typed(name)
    }
    onSet(change)
  }
  return (
    <form className="filter-form" onSubmit={submit} key={JSON.stringify(search)}>
      {names
        .filter((name) => name !== 'status')
        .map((name) => (
          <FilterField key={name} name={name} value={search[name]} />
        ))}
      <button type="submit" className="pf-v6-c-button pf-m-primary pf-m-small">
        Show
      </button>
    </form>
  )
}

function FilterField({ name, value }: { name: FilterName; value: string | number | undefined }) {
  const id = useId()
  return (
    <div className="filter-field">
      <label htmlFor={id}>{LABELS[name]}</label>
      <span className="pf-v6-c-form-control">
        <input
          id={id}
          name={name}
          type={name === 'since' || name === 'until' ? 'date' : 'text'}
          inputMode={name === 'pr' ? 'numeric' : undefined}
          placeholder={HINTS[name]}
          defaultValue={value ?? ''}
          autoComplete="off"
          spellCheck={false}
        />
      </span>
    </div>
  )
}

function Chips({ search, names, onSet }: { search: ListSearch; names: readonly FilterName[]; onSet: Go }) {
  if (names.length === 0) return null
  const none: ListSearch = Object.fromEntries(names.map((name) => [name, undefined]))
  return (
    <ul className="chips" aria-label="Filters that are set">
      {names.map((name) => (
        <li key={name}>
          <button
            type="button"
            className="pf-v6-c-button pf-m-small pf-m-secondary"
            aria-label={`Take away the filter ${LABELS[name]} ${search[name]}`}
            onClick={() => onSet({ [name]: undefined })}
          >
            <span className="subtle">{LABELS[name]}</span> <code>{search[name]}</code> ×
          </button>
        </li>
      ))}
      {names.length > 1 ? (
        <li>
          <button type="button" className="pf-v6-c-button pf-m-small pf-m-link" onClick={() => onSet(none)}>
            Take all away
          </button>
        </li>
      ) : null}
    </ul>
  )
}
