import { Link } from '@tanstack/react-router'
import type { ProjectPath } from '../../api/queries.ts'
import type { Project } from '../../api/types.ts'
import { PROJECT_TABS, type ProjectTab } from '../../lib/project-search.ts'

const NAMES: Record<ProjectTab, string> = {
  now: 'Now',
  history: 'History',
  config: 'Configuration',
  badge: 'Badge',
  prs: 'Pull requests',
  branches: 'Branches',
  releases: 'Releases',
  issues: 'Issues',
}

interface TabsProps {
  tab: ProjectTab
  project: Project
  path: ProjectPath
}

/** Each part has an address of its own, so these are links. */
export function Tabs({ tab, project, path: { forge, namespace, repo } }: TabsProps) {
  const counts: Partial<Record<ProjectTab, number>> = {
    prs: project.prs_handled,
    branches: project.branches_handled,
    releases: project.releases_handled,
    issues: project.issues_handled,
  }
  return (
    <nav className="pf-v6-c-tabs tabs project-tabs" aria-label="Parts of the project">
      <ul className="pf-v6-c-tabs__list">
        {PROJECT_TABS.map((name) => (
          <li key={name} className={`pf-v6-c-tabs__item ${name === tab ? 'pf-m-current' : ''}`}>
            <Link
              className="pf-v6-c-tabs__link"
              to="/projects/$forge/$"
              params={{ forge, _splat: `${namespace}/${repo}` }}
              search={name === 'now' ? {} : { tab: name }}
              activeOptions={{ includeSearch: true, exact: true }}
              aria-current={name === tab ? 'page' : undefined}
            >
              <span className="pf-v6-c-tabs__item-text">
                {NAMES[name]}
                {counts[name] === undefined ? null : (
                  <span className="subtle"> {counts[name].toLocaleString('en')}</span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
