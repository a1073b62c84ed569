import type { Run } from '../../api/types.ts'
import { Command } from '../../components/CopyText.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { packageName } from '../../lib/names.ts'

/** How to install what was built: the lines to copy, what is in them, and what to know before. */
export function InstallView({ run }: { run: Run }) {
  if (run.install.length === 0) return null
  const packages = [
    ...new Set(run.steps.flatMap((step) => step.packages.filter((p) => p.arch !== 'src').map(packageName))),
  ]
  return (
    <section className="panel install">
      <h2>Install this change</h2>
      <Command lines={run.install} what="the install commands" />
      {run.install_note ? <p className="subtle">{run.install_note}</p> : null}
      <div className="install-more">
        {packages.length > 0 ? (
          <details open={packages.length <= 3}>
            <summary>{packages.length === 1 ? '1 package' : `${packages.length} packages`}</summary>
            <ul className="plain">
              {packages.map((name) => (
                <li key={name}>
                  <code>{name}</code>
                </li>
              ))}
            </ul>
          </details>
        ) : null}
        {run.repository ? (
          <p>
            Repository <WebLink href={run.repository.url}>{run.repository.name}</WebLink>
            {run.repository.repo_file ? (
              <>
                , <WebLink href={run.repository.repo_file}>.repo file</WebLink>
              </>
            ) : null}
          </p>
        ) : null}
      </div>
    </section>
  )
}
