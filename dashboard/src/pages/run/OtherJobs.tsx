import type { Run } from '../../api/types.ts'
import { TargetPill } from '../../components/Jobs.tsx'
import { stateOfStatus } from '../../lib/job-lists.ts'

/** Kinds of jobs that stand on no axis, since their times are not kept with the run; and where their pages are. */
const KINDS = [
  ['koji', 'Koji builds', 'koji'],
  ['propose_downstream', 'Proposed to', 'propose-downstream'],
  ['pull_from_upstream', 'Pulled into', 'pull-from-upstream'],
  ['bodhi_update', 'Bodhi updates', 'bodhi'],
  ['vm_image_build', 'VM images', null],
] as const satisfies readonly (readonly [keyof Run, string, string | null])[]

/** What else belongs to the run: builds, updates and releases of other services, each with its page. */
export function OtherJobs({ run }: { run: Run }) {
  const kinds = KINDS.filter(([key]) => run[key].length > 0)
  if (kinds.length === 0) return null
  return (
    <dl className="other-jobs">
      {kinds.map(([key, name, page]) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd className="pills">
            {run[key].map(({ packit_id, target, status }) => (
              <TargetPill
                key={packit_id}
                state={stateOfStatus(status)}
                target={target}
                to={page === null ? null : `/jobs/${page}/${packit_id}`}
              />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
