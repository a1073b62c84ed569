import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { PER_PAGE } from '../api/list-filter.ts'
import { projectsQuery } from '../api/queries.ts'
import { Command } from '../components/CopyText.tsx'
import { Empty } from '../components/Empty.tsx'
import { ErrorPage } from '../components/PageBoundary.tsx'
import { Pager } from '../components/Pager.tsx'
import { ProjectTable } from '../components/ProjectTable.tsx'
import { SearchInput } from '../components/SearchInput.tsx'
import { RowBars } from '../components/Skeleton.tsx'
import { StaleNotice } from '../components/Stale.tsx'
import type { ProjectsSearch } from '../lib/project-search.ts'

/** Letters typed this quickly after each other ask once. */
const TYPING_MS = 150

/** All projects, narrowed while one types. The address keeps what was typed. */
export function ProjectsPage({ search }: { search: ProjectsSearch }) {
  const answer = useQuery(projectsQuery(search))
  return (
    <>
      <title>Projects · Packit</title>
      <h1>Projects</h1>
      <SearchField value={search.q ?? ''} />
      <ProjectList answer={answer} search={search} />
    </>
  )
}

function SearchField({ value }: { value: string }) {
  const [text, setText] = useState(value)
  const navigate = useNavigate()
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => {
      void navigate({ to: '/projects', search: { q: text || undefined }, replace: true })
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value, navigate])
  return (
    <search className="project-search">
      <SearchInput
        label="Find a project"
        aria-describedby="search-help"
        placeholder="Part of a name"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p id="search-help" className="subtle">
        <code>*</code> stands for anything, <code>?</code> for one letter: <code>rust-*</code>, <code>acme/h?llo</code>
      </p>
    </search>
  )
}

interface ListProps {
  answer: ReturnType<typeof useQuery<Awaited<ReturnType<NonNullable<ReturnType<typeof projectsQuery>['queryFn']>>>>>
  search: ProjectsSearch
}

function ProjectList({ answer, search }: ListProps) {
  const { data, error, dataUpdatedAt, refetch } = answer
  const page = search.page ?? 1
  if (!data) return error ? <ErrorPage error={error} onRetry={() => void refetch()} /> : <RowBars rows={10} />
  return (
    <>
      <p className="count subtle" role="status">
        {countText(data.total ?? data.items.length, search.q)}
      </p>
      <StaleNotice error={error} at={dataUpdatedAt} />
      {data.items.length === 0 ? <NoProjects q={search.q} /> : <ProjectTable projects={data.items} />}
      <Pager page={page} perPage={PER_PAGE} shown={data.items.length} total={data.total} of="projects" />
    </>
  )
}

function countText(count: number, q: string | undefined): string {
  const projects = count === 1 ? '1 project' : `${count} projects`
  return q ? `${projects} for “${q}”` : projects
}

function NoProjects({ q }: { q: string | undefined }) {
  if (q) {
    return (
      <Empty icon="search" title="No project has this name">
        <p>
          Try a shorter part of it, or a pattern: <code>*{q.replaceAll('*', '')}*</code>
        </p>
      </Empty>
    )
  }
  return (
    <Empty icon="cube" title="No project yet">
      <p>
        A project appears here with its first pull request, push or release. To see one now, validate the sample that
        comes with this service:
      </p>
      <Command lines="npm run demo" />
    </Empty>
  )
}
