import type { ServiceStatus } from '../../api/types.ts'
import { AddProject } from './AddProject.tsx'

/** Where nothing has run yet: what this is, and how the first run comes about. */
export function FirstSteps({ webhook }: { webhook: ServiceStatus['webhook'] | undefined }) {
  return (
    <section>
      <h2>No run yet</h2>
      <p>
        Pull requests, pushes and releases of your projects become RPMs in a dnf repository of their own, so that anyone
        can install and test a change while it is still being discussed. The first one appears here by itself.
      </p>
      <div className="panel">
        <AddProject webhook={webhook ?? { git: false, github: false }} />
      </div>
    </section>
  )
}
