import { Link } from '@tanstack/react-router'
import { projectName, shortCommit, triggerName } from '../lib/names.ts'
import { CopyButton } from './CopyText.tsx'
import { WebLink } from './WebLink.tsx'

interface CommitProps {
  sha: string
  url?: string | null | undefined
  copy?: boolean
}

/** A commit by its first characters, whole on hover and behind the copy button. */
export function Commit({ sha, url, copy = false }: CommitProps) {
  const name = <code title={sha}>{shortCommit(sha)}</code>
  return (
    <span className="commit">
      <WebLink href={url}>{name}</WebLink>
      {copy ? <CopyButton text={sha} what="the whole commit" /> : null}
    </span>
  )
}

interface ProjectLinkProps {
  forge: string
  namespace: string
  repo: string
}

/** A project by its whole name, in the address with all its slashes. */
export function ProjectLink({ forge, namespace, repo }: ProjectLinkProps) {
  return (
    <Link to="/projects/$forge/$" params={{ forge, _splat: `${namespace}/${repo}` }} className="name">
      {projectName(namespace, repo)}
    </Link>
  )
}

/** What set a run off, for lists: `acme/hello#12`. */
export function TriggerText({ trigger }: { trigger: Parameters<typeof triggerName>[0] }) {
  return <>{triggerName(trigger) || 'Unknown project'}</>
}
