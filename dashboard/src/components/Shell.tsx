import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { apiUrl } from '../api/base.ts'
import { sessionQuery } from '../api/session.ts'
import { chooseTheme, useTheme } from '../lib/theme.ts'
import { Account } from './Account.tsx'
import { Announcer } from './Announcer.tsx'
import { Icon } from './Icon.tsx'
import { LostNotice } from './Stale.tsx'
import { Search } from './search/Search.tsx'

/** What all pages share: the way to the content, the name, the places, the theme. */
export function Shell() {
  const main = useRef<HTMLElement>(null)
  useFocusOnPage(main)
  // without a sign-in there is nothing that could be live
  const mayRead = useQuery(sessionQuery()).data?.may_read ?? true
  return (
    <div className="shell">
      <button type="button" className="pf-v6-c-button pf-m-primary skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header className="masthead">
        <div className="masthead-inner">
          <Link to="/" className="brand" activeOptions={{ exact: true }}>
            <Logo />
            Packit
          </Link>
          <nav aria-label="Pages">
            <Place to="/pipelines" name="Runs" within={/^\/pipelines?\b/} />
            <Place to="/jobs/copr" name="Jobs" within={/^\/jobs\b/} />
            <Place to="/projects" name="Projects" within={/^\/projects\b/} />
            <Place to="/usage" name="Usage" within={/^\/usage\b/} />
            <Place to="/inbox" name="Inbox" within={/^\/inbox\b/} />
          </nav>
          <Search />
          <Account />
          <ThemeSwitch />
        </div>
      </header>
      <main ref={main} tabIndex={-1}>
        {mayRead ? <LostNotice /> : null}
        <Outlet />
      </main>
      <Announcer />
      <footer className="footer">
        <a href="https://packit.dev/docs/">Documentation</a>
        <a href={apiUrl('/api/')}>API</a>
        <a href={apiUrl('/api/openapi.json')}>OpenAPI</a>
        <a href="https://packit.dev/docs/configuration">Configuration</a>
        <span className="subtle footer-keys">
          <kbd>/</kbd> searches
        </span>
      </footer>
    </div>
  )
}

/** After a change of page the keyboard and the screen reader begin at its content, not at the link that led there. */
function useFocusOnPage(main: { current: HTMLElement | null }) {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const before = useRef<string | undefined>(undefined)
  useEffect(() => {
    // who types already, while a page is slow to come, goes on typing
    const isTyping = document.activeElement?.matches('input, textarea') ?? false
    if (before.current !== undefined && before.current !== path && !isTyping)
      main.current?.focus({ preventScroll: true })
    before.current = path
  }, [path, main])
}

interface PlaceProps {
  to: '/pipelines' | '/jobs/copr' | '/projects' | '/usage' | '/inbox'
  name: string
  /** The paths, without the prefix, that belong to this place. */
  within: RegExp
}

function Place({ to, name, within }: PlaceProps) {
  const here = useRouterState({ select: (state) => within.test(state.location.pathname) })
  return (
    <Link to={to} className={here ? 'place here' : 'place'} aria-current={here ? 'true' : undefined} activeProps={{}}>
      {name}
    </Link>
  )
}

function ThemeSwitch() {
  const other = useTheme() === 'dark' ? 'light' : 'dark'
  return (
    <button
      type="button"
      className="pf-v6-c-button pf-m-plain theme-switch"
      aria-label={`Use the ${other} theme`}
      title={`Use the ${other} theme`}
      onClick={() => chooseTheme(other)}
    >
      <Icon name={other === 'dark' ? 'moon' : 'sun'} />
    </button>
  )
}

function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="m16 5.5 9 5.2v10.6l-9 5.2-9-5.2V10.700z M7.300 10.900l8.700 5 8.700-5M16 15.900v10.300" />
    </svg>
  )
}
