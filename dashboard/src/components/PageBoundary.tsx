import { QueryErrorResetBoundary } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { Component, type ReactNode, Suspense, useEffect } from 'react'
import { ApiError, isNotFound, isTemporary, needsSignIn } from '../api/errors.ts'
import { Empty } from './Empty.tsx'
import { Notice } from './Notice.tsx'
import { ListSkeleton } from './Skeleton.tsx'
import { useRecovery } from './useRecovery.ts'

export interface BoundaryProps {
  /** Another page is another boundary: its error doesn't stay. */
  place: string
  /** What of the page is looked at: an error of one view doesn't stay for the next. */
  view?: unknown
  skeleton?: ReactNode
  /** 2 for a part of a page that has its heading already. */
  level?: 1 | 2
  children: ReactNode
}

/** Waiting and errors of a page: a skeleton, "not found", or the service's message with a way to try again. */
export function PageBoundary({ place, view, skeleton = <ListSkeleton />, level = 1, children }: BoundaryProps) {
  return (
    <QueryErrorResetBoundary key={place}>
      {({ reset }) => (
        <ErrorBoundary
          view={view}
          onRetry={reset}
          show={(error, onRetry) => <ErrorPage error={error} onRetry={onRetry} level={level} />}
        >
          <Suspense fallback={skeleton}>{children}</Suspense>
        </ErrorBoundary>
      )}
    </QueryErrorResetBoundary>
  )
}

interface PartProps {
  /** What can't be shown then: "The latest runs". */
  what: string
  children: ReactNode
}

/** A part of a page whose error leaves the rest as it is: the service's message, with a way to try again. */
export function PartBoundary({ what, children }: PartProps) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <ErrorBoundary
          onRetry={reset}
          show={(error, onRetry) => <PartError what={what} error={error} onRetry={onRetry} />}
        >
          {children}
        </ErrorBoundary>
      )}
    </QueryErrorResetBoundary>
  )
}

function PartError({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  useRecovery(error, onRetry)
  if (needsSignIn(error)) return <ToSignIn />
  return (
    <Notice kind="warning" title={`${what} cannot be shown now`} live>
      {error instanceof Error ? error.message : String(error)}{' '}
      <button type="button" className="pf-v6-c-button pf-m-link pf-m-inline" onClick={onRetry}>
        Try again
      </button>
    </Notice>
  )
}

interface Caught {
  error: unknown
  /** The view that it belongs to. */
  view: unknown
}

interface ErrorBoundaryProps {
  view?: unknown
  onRetry: () => void
  show: (error: unknown, onRetry: () => void) => ReactNode
  children: ReactNode
}

class ErrorBoundary extends Component<ErrorBoundaryProps, Caught> {
  override state: Caught = { error: null, view: this.props.view }

  static getDerivedStateFromError(error: unknown): Partial<Caught> {
    return { error }
  }

  static getDerivedStateFromProps({ view }: ErrorBoundaryProps, caught: Caught): Caught | null {
    return view === caught.view ? null : { error: null, view }
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    const retry = () => {
      this.props.onRetry()
      this.setState({ error: null })
    }
    return this.props.show(error, retry)
  }
}

interface ErrorPageProps {
  error: unknown
  onRetry: () => void
  level?: 1 | 2
}

/** A page that could not be shown, and what the service said about it. */
export function ErrorPage({ error, onRetry, level = 1 }: ErrorPageProps) {
  useRecovery(error, onRetry)
  if (needsSignIn(error)) return <ToSignIn />
  if (isNotFound(error)) return <NotFound message={(error as ApiError).message} level={level} />
  const away = isTemporary(error)
  const message = error instanceof Error ? error.message : String(error)
  return (
    <Empty
      icon={away ? 'lost' : 'triangle'}
      title={away ? 'The service does not answer' : `This ${level === 1 ? 'page' : 'part'} could not be shown`}
      level={level}
    >
      {level === 1 ? <title>Error · Packit</title> : null}
      <p className="said" role="alert">
        {message}
      </p>
      <p>
        {error instanceof ApiError
          ? 'This page asks again by itself. If it stays so, whoever runs this service finds more in its log.'
          : 'This is a mistake in the page itself: please report it.'}
      </p>
      <p className="actions">
        <button type="button" className="pf-v6-c-button pf-m-primary" onClick={onRetry}>
          Try again
        </button>
      </p>
    </Empty>
  )
}

/** Nobody is signed in, and this page is not for nobody: after the sign-in it comes back. */
function ToSignIn() {
  const router = useRouter()
  useEffect(() => {
    const { pathname, searchStr } = router.state.location
    const back = pathname + searchStr
    void router.navigate({ to: '/sign-in', search: back === '/' ? {} : { back }, replace: true })
  }, [router])
  return null
}

/** An address that leads nowhere. */
export function NotFound({ message, level = 1 }: { message?: string | undefined; level?: 1 | 2 }) {
  return (
    <Empty icon="search" title="Nothing is here" level={level}>
      {level === 1 ? <title>Not found · Packit</title> : null}
      {message ? <p className="said">{message}</p> : null}
      <p>
        The address may be mistyped, or what was here has expired: logs and repositories are kept for a limited time.
      </p>
      <p className="actions">
        <Link className="pf-v6-c-button pf-m-primary" to="/pipelines">
          See the latest runs
        </Link>
        <Link className="pf-v6-c-button pf-m-secondary" to="/projects">
          Find a project
        </Link>
      </p>
    </Empty>
  )
}
