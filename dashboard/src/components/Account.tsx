import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { sessionQuery, signOut } from '../api/session.ts'
import { nameOf } from '../lib/account.ts'
import { Icon } from './Icon.tsx'

/** Who is signed in, with the way out; or the way in. */
export function Account() {
  const { data: session } = useQuery(sessionQuery())
  const back = useRouterState({ select: ({ location }) => location.pathname + location.searchStr })
  const isHere = useRouterState({ select: ({ location }) => location.pathname === '/sign-in' })
  const search = isHere || back === '/' ? {} : { back }
  const name = session?.name ? nameOf(session) : null
  const label = name ? `Signed in as ${name}` : 'Sign in'
  return (
    <div className="account">
      <Link
        to="/sign-in"
        search={search}
        className={isHere ? 'place here' : 'place'}
        aria-label={label}
        title={label}
        activeProps={{}}
      >
        <Icon name="user" />
        <span className="account-name">{name ?? 'Sign in'}</span>
      </Link>
      {name ? <SignOut /> : null}
    </div>
  )
}

function SignOut() {
  return (
    <button
      type="button"
      className="pf-v6-c-button pf-m-link sign-out"
      // the address stays: where reading needs a sign-in, it leads to that by itself
      onClick={() => void signOut().finally(() => window.location.reload())}
    >
      Sign out
    </button>
  )
}
