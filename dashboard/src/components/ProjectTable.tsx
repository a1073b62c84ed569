import type { Project } from '../api/types.ts'
import { ProjectLink } from './Names.tsx'
import { Time } from './Time.tsx'

/** Projects with what was done for each. On a phone only the name, the forge and the last activity stay. */
export function ProjectTable({ projects }: { projects: readonly Project[] }) {
  return (
    <table className="pf-v6-c-table pf-m-compact project-table">
      <caption className="sr-only">Projects</caption>
      <thead className="pf-v6-c-table__thead">
        <tr className="pf-v6-c-table__tr">
          <th className="pf-v6-c-table__th" scope="col">
            Project
          </th>
          <th className="pf-v6-c-table__th" scope="col">
            Forge
          </th>
          {['Pull requests', 'Branches', 'Releases'].map((name) => (
            <th key={name} className="pf-v6-c-table__th number" scope="col">
              {name}
            </th>
          ))}
          <th className="pf-v6-c-table__th" scope="col">
            Last activity
          </th>
        </tr>
      </thead>
      <tbody className="pf-v6-c-table__tbody">
        {projects.map((project) => (
          <ProjectRow key={`${project.forge}/${project.namespace}/${project.repo_name}`} project={project} />
        ))}
      </tbody>
    </table>
  )
}

function ProjectRow({ project }: { project: Project }) {
  const { forge, namespace, repo_name: repo } = project
  return (
    <tr className="pf-v6-c-table__tr">
      <td className="pf-v6-c-table__td cell-project">
        <ProjectLink forge={forge} namespace={namespace} repo={repo} />
      </td>
      <td className="pf-v6-c-table__td cell-forge subtle">{forge}</td>
      <td className="pf-v6-c-table__td number">{project.prs_handled}</td>
      <td className="pf-v6-c-table__td number">{project.branches_handled}</td>
      <td className="pf-v6-c-table__td number">{project.releases_handled}</td>
      <td className="pf-v6-c-table__td cell-time">
        <Time at={project.last_activity_at} />
      </td>
    </tr>
  )
}
