import { apiUrl } from '../../api/base.ts'
import type { ServiceStatus } from '../../api/types.ts'
import { Command } from '../../components/CopyText.tsx'

const SAMPLE = `specfile_path: hello.spec
jobs:
  - job: copr_build
    trigger: pull_request
    targets: [fedora-all]`

/** The three steps from a repository to its first packages, each with what to copy. */
export function AddProject({ webhook }: { webhook: ServiceStatus['webhook'] }) {
  return (
    <ol className="howto">
      <li>
        <h3>
          Put <code>.packit.yaml</code> beside the spec file
        </h3>
        <Command lines={SAMPLE} what="the sample configuration" prompt={false} />
      </li>
      <li>
        <h3>Try it on your machine</h3>
        <Command lines="npx packit-service try ." />
      </li>
      <li>
        <h3>Let the forge tell this service about changes</h3>
        <Webhooks webhook={webhook} />
      </li>
    </ol>
  )
}

function Webhooks({ webhook }: { webhook: ServiceStatus['webhook'] }) {
  if (!webhook.git && !webhook.github) {
    return (
      <p>
        No way in is open yet. Whoever runs this service sets <code>PACKIT_GIT_WEBHOOK_SECRET</code>, or the{' '}
        <code>PACKIT_GITHUB_…</code> settings of a GitHub App.
      </p>
    )
  }
  return (
    <ul className="plain">
      {webhook.github ? <WebhookAddress name="GitHub App" path="github" /> : null}
      {webhook.git ? <WebhookAddress name="Any git server" path="git" /> : null}
    </ul>
  )
}

function WebhookAddress({ name, path }: { name: string; path: string }) {
  const url = new URL(apiUrl(`/api/webhooks/${path}`), window.location.href).href
  return (
    <li>
      <p>{name}: signed deliveries to</p>
      <Command lines={url} what={`the address for ${name}`} prompt={false} />
    </li>
  )
}
