import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { runsQuery } from '../api/queries.ts'
import { List } from '../components/list/List.tsx'
import { RUN_COLUMNS, runId } from '../components/RunTable.tsx'
import type { ListSearch } from '../lib/list-search.ts'
import { LOOKS, STATES } from '../lib/state.ts'

const STATUSES = STATES.map((value) => ({ value, label: LOOKS[value].word }))

/** All runs, newest first, filtered by what the address says. */
export function RunsPage({ search }: { search: ListSearch }) {
  return (
    <>
      <title>Runs · Packit</title>
      <h1>Runs</h1>
      <List
        of={['run', 'runs']}
        search={search}
        answer={useSuspenseQuery(runsQuery(search))}
        columns={RUN_COLUMNS}
        idOf={runId}
        filters={['project', 'pr', 'branch', 'release', 'commit', 'package', 'target', 'status', 'since', 'until']}
        statuses={STATUSES}
        empty={
          <p>
            A run begins with a pull request, push or release of a project with a <code>.packit.yaml</code>.{' '}
            <Link to="/">How to add a project</Link>
          </p>
        }
      />
    </>
  )
}
