import type { RpmBuild, SrpmBuild } from '../../api/types.ts'
import { WebLink } from '../../components/WebLink.tsx'
import { hasEnded } from '../../lib/state.ts'

/** What stands where a log will be: what runs elsewhere writes it there, until it ends. */
export function NoLog({ build }: { build: SrpmBuild | RpmBuild }) {
  const elsewhere = 'logs_url' in build ? build.logs_url : build.build_logs_url
  if (!elsewhere || hasEnded(build.state))
    return <p className="subtle">There is no log yet: it appears here as soon as this step starts.</p>
  return (
    <p className="subtle">
      The log appears here when this step ends; until then <WebLink href={elsewhere}>read it where it runs</WebLink>.
    </p>
  )
}
