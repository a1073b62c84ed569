import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { apiUrl, isServiceElsewhere } from '../api/base.ts'
import { goAnew, sessionQuery, signIn, signOut } from '../api/session.ts'
import type { Session } from '../api/types.ts'
import { Notice } from '../components/Notice.tsx'
import { Time } from '../components/Time.tsx'
import { nameOf, problemText, SCOPE_TEXTS, type SignInSearch, safeBack } from '../lib/account.ts'

/** Signing in by link, by a forge or by token; for who is signed in already, as whom, and the way out. */
export function SignInPage({ search }: { search: SignInSearch }) {
  const { data: session } = useSuspenseQuery(sessionQuery())
  const back = safeBack(search.back)
  // it leaves the address as soon as it is used
  const [code] = useState(search.code)
  if (isServiceElsewhere()) return <SignInElsewhere />
  const isIn = session.name !== null && code === undefined
  return (
    <div className="sign-in">
      <title>{`${isIn ? 'Signed in' : 'Sign in'} · Packit`}</title>
      <h1>{isIn ? 'Signed in' : 'Sign in'}</h1>
      {code !== undefined ? <ByLink code={code} back={back} /> : null}
      {search.problem && !isIn ? <Notice kind="warning" title={problemText(search.problem)} /> : null}
      {isIn ? <WhoAmI session={session} /> : <WaysIn session={session} back={back} />}
    </div>
  )
}

/** These pages come from a host of files: who one is stays with the service's own pages, where no other site can use it. */
function SignInElsewhere() {
  const address = new URL(apiUrl('/sign-in')).href
  return (
    <div className="sign-in">
      <title>Sign in · Packit</title>
      <h1>Sign in</h1>
      <p>
        These pages show what everybody may read. To retry, cancel and approve runs, sign in at the service itself:{' '}
        <a href={address}>{address}</a>
      </p>
    </div>
  )
}

/** Uses a link at once, once; its code leaves the address. */
function ByLink({ code, back }: { code: string; back: string }) {
  const { mutate, error } = useMutation({ mutationFn: signIn, onSuccess: () => goAnew(back) })
  const used = useRef(false)
  useEffect(() => {
    if (used.current) return
    used.current = true
    window.history.replaceState(window.history.state, '', window.location.pathname)
    mutate({ code })
  }, [code, mutate])
  if (error) return <Notice kind="danger" title={error.message} live />
  return <p role="status">Signing in by the link…</p>
}

function WaysIn({ session, back }: { session: Session; back: string }) {
  const forge = session.sign_in_forge
  return (
    <>
      <p className="subtle">
        {session.may_read
          ? 'Everybody may read here. Whoever is signed in may retry, cancel and approve runs of their projects.'
          : 'This service has private repositories: reading needs a sign-in.'}
      </p>
      {forge === null ? null : (
        <section className="panel">
          <h2>With your account</h2>
          <p>You may do here what you may do in the repository there. Nothing else of your account is used or kept.</p>
          <p>
            <a
              className="pf-v6-c-button pf-m-primary"
              href={apiUrl(`/api/sign-in/github?back=${encodeURIComponent(back)}`)}
            >
              Sign in with {forge === 'github.com' ? 'GitHub' : forge}
            </a>
          </p>
        </section>
      )}
      <ByToken back={back} isFirst={forge === null} />
    </>
  )
}

function ByToken({ back, isFirst }: { back: string; isFirst: boolean }) {
  const [token, setToken] = useState('')
  const { mutate, error, isPending, isSuccess } = useMutation({ mutationFn: signIn, onSuccess: () => goAnew(back) })
  const send = (event: FormEvent) => {
    event.preventDefault()
    mutate({ token })
  }
  return (
    <section className="panel">
      <h2>With a token</h2>
      <form onSubmit={send}>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          required
          value={token}
          aria-invalid={error ? true : undefined}
          aria-describedby="token-about"
          onChange={(event) => setToken(event.target.value)}
        />
        <p id="token-about" className="subtle">
          It begins with <code>pkt_</code>. The operator makes one with <code>packit-service token create</code>;{' '}
          <code>packit-service sign-in-link</code> prints a link for the operator.
        </p>
        {error ? <Notice kind="danger" title={error.message} live /> : null}
        <p>
          <button
            type="submit"
            className={`pf-v6-c-button ${isFirst ? 'pf-m-primary' : 'pf-m-secondary'}`}
            disabled={isPending || isSuccess}
          >
            Sign in
          </button>
        </p>
      </form>
    </section>
  )
}

function WhoAmI({ session }: { session: Session }) {
  const scopes = session.scopes.map((scope) => SCOPE_TEXTS[scope] ?? scope)
  return (
    <section className="panel">
      <dl className="facts">
        <div>
          <dt>Name</dt>
          <dd>
            <strong>{nameOf(session)}</strong> <span className="subtle">{session.name}</span>
          </dd>
        </div>
        <div>
          <dt>May</dt>
          <dd>
            {session.by === 'forge'
              ? 'retry, cancel and approve runs of the projects where you have write permission'
              : scopes.join('; ') || 'nothing but read'}
          </dd>
        </div>
        {session.expires_at === null ? null : (
          <div>
            <dt>Ends, when it is not used</dt>
            <dd>
              <Time at={session.expires_at} />
            </dd>
          </div>
        )}
      </dl>
      <p className="actions">
        <button
          type="button"
          className="pf-v6-c-button pf-m-secondary"
          onClick={() => void signOut().finally(() => goAnew('/'))}
        >
          Sign out
        </button>
      </p>
    </section>
  )
}
