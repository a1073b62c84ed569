import { useSuspenseQuery } from '@tanstack/react-query'
import { PER_PAGE } from '../api/list-filter.ts'
import { projectsQuery } from '../api/queries.ts'
import { ProjectCrumbs } from '../components/Breadcrumbs.tsx'
import { Empty } from '../components/Empty.tsx'
import { NotFound } from '../components/PageBoundary.tsx'
import { Pager } from '../components/Pager.tsx'
import { ProjectTable } from '../components/ProjectTable.tsx'
import { StaleNotice } from '../components/Stale.tsx'

interface GroupProps {
  forge: string
  /** Left out for a whole forge. */
  namespace?: string
  page: number
  /** Whether a group without projects is an address that leads nowhere. */
  strict?: boolean
}

/** The projects of a forge, or of one of its namespaces. */
export function GroupPage({ forge, namespace, page, strict = false }: GroupProps) {
  const filter = { forge, page, ...(namespace === undefined ? {} : { namespace }) }
  const { data, error, dataUpdatedAt } = useSuspenseQuery(projectsQuery(filter))
  const name = namespace ?? forge
  if (strict && data.items.length === 0) return <NotFound message={`No project ${name} is known on ${forge}.`} />
  return (
    <>
      <title>{`${name} · Packit`}</title>
      <ProjectCrumbs forge={forge} {...(namespace === undefined ? {} : { namespace })} />
      <h1>{name}</h1>
      <StaleNotice error={error} at={dataUpdatedAt} />
      {data.items.length === 0 ? <NoProjects name={name} /> : <ProjectTable projects={data.items} />}
      <Pager page={page} perPage={PER_PAGE} shown={data.items.length} total={data.total} of="projects" />
    </>
  )
}

function NoProjects({ name }: { name: string }) {
  return (
    <Empty icon="search" title="No projects here">
      <p>
        This service has not heard of any project of <code>{name}</code> yet. The first one appears with its first pull
        request, push or release.
      </p>
    </Empty>
  )
}
