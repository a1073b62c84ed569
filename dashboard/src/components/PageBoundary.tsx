import { QueryErrorResetBoundary } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { Component, type ReactNode, Suspense, useEffect } from 'react'
import { ApiError, isNotFound, isTemporary, needsSignIn } from '../api/errors.ts'
import { Empty } from './Empty.tsx'
import { ListSkeleton } from './Skeleton.tsx'

interface BoundaryProps {
  /** Another page is another boundary: its error doesn't stay. */
  place: string
  skeleton?: ReactNode
  /** 2 for a part of a page that has its heading already. */
  level?: 1 | 2
  children: ReactNode
}

/** Waiting and errors of a page: a skeleton, "not found", or the service's message with a way to try again. */
export function PageBoundary({ place, skeleton = <ListSkeleton />, level = 1, children }: BoundaryProps) {
  return (
    <QueryErrorResetBoundary key={place}>
      {({ reset }) => (
        <ErrorBoundary onRetry={reset} level={level}>
          <Suspense fallback={skeleton}>{children}</Suspense>
        </ErrorBoundary>
      )}
    </QueryErrorResetBoundary>
  )
}

interface Caught {
  error: unknown
}

class ErrorBoundary extends Component<{ onRetry: () => void; level: 1 | 2; children: ReactNode }, Caught> {
  override state: Caught = { error: null }

  static getDerivedStateFromError(error: unknown): Caught {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    const retry = () => {
      this.props.onRetry()
      this.setState({ error: null })
    }
    return <ErrorPage error={error} onRetry={retry} level={this.props.level} />
  }
}

interface ErrorPageProps {
  error: unknown
  onRetry: () => void
  level?: 1 | 2
}

/** A page that could not be shown, and what the service said about it. */
export function ErrorPage({ error, onRetry, level = 1 }: ErrorPageProps) {
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
          ? 'If it stays so, whoever runs this service finds more in its log.'
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
