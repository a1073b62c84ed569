import type { PullRequestEvent } from '../domain/forge-event.ts'

/** A pull request that was found, written down as GitHub would have told of it: it can be looked at and replayed. */
export function foundPayload(event: PullRequestEvent): object {
  const { project, base, head } = event
  const id = project.repositoryId === undefined ? {} : { id: project.repositoryId }
  const repository = {
    ...id,
    name: project.name,
    owner: { login: project.namespace },
    html_url: project.webUrl,
    clone_url: project.cloneUrl,
    private: project.isPrivate,
  }
  return {
    action: event.action,
    number: event.number,
    pull_request: {
      number: event.number,
      title: event.title,
      user: { login: event.author },
      html_url: event.url,
      updated_at: new Date(event.order ?? 0).toISOString(),
      labels: event.labels.map((name) => ({ name })),
      base: { ref: base.ref, sha: base.sha, repo: repository },
      head: {
        ref: head.ref,
        sha: head.sha,
        repo: head.isFork ? { clone_url: head.cloneUrl } : { ...id, clone_url: head.cloneUrl },
      },
    },
    repository,
    ...(project.installationId === undefined ? {} : { installation: { id: project.installationId } }),
  }
}
