import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'

/** The way down to a page. The page itself is its heading, so the last entry is its parent. */
export function Breadcrumbs({ children }: { children: ReactNode[] }) {
  return (
    <nav className="pf-v6-c-breadcrumb crumbs" aria-label="Breadcrumb">
      <ol className="pf-v6-c-breadcrumb__list">
        {children.map((child, depth) => (
          // the way never changes its order
          // biome-ignore lint/suspicious/noArrayIndexKey: depth is the identity
          <li key={depth} className="pf-v6-c-breadcrumb__item">
            {depth > 0 ? (
              <span className="pf-v6-c-breadcrumb__item-divider">
                <Icon name="chevron-right" />
              </span>
            ) : null}
            {child}
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** A project's place in the tree: all, its forge, its namespace. */
export function ProjectCrumbs({ forge, namespace, repo }: { forge: string; namespace?: string; repo?: string }) {
  const crumbs: ReactNode[] = [
    <Link key="all" to="/projects" className="pf-v6-c-breadcrumb__link">
      Projects
    </Link>,
  ]
  if (namespace !== undefined) {
    crumbs.push(
      <Link key="forge" to="/projects/$forge" params={{ forge }} className="pf-v6-c-breadcrumb__link">
        {forge}
      </Link>,
    )
  }
  if (namespace !== undefined && repo !== undefined) {
    crumbs.push(
      <Link
        key="ns"
        to="/projects/$forge/$namespace"
        params={{ forge, namespace }}
        className="pf-v6-c-breadcrumb__link"
      >
        {namespace}
      </Link>,
    )
  }
  return <Breadcrumbs>{crumbs}</Breadcrumbs>
}
