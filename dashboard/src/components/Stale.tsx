import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { serverNow, toServerTime } from '../lib/clock.ts'
import { useConnection } from './live.tsx'
import { Notice } from './Notice.tsx'
import { Time } from './Time.tsx'

/** A break shorter than this is not worth a word: a restart of the service, a change of network. */
const PATIENCE_MS = 3_000

/** Says so while the pages don't change by themselves, since when, and offers to ask at once. */
export function LostNotice() {
  const queries = useQueryClient()
  const lost = useConnection() === 'lost'
  const [since, setSince] = useState<number | null>(null)
  useEffect(() => {
    if (!lost) {
      setSince(null)
      return
    }
    const at = serverNow()
    const timer = setTimeout(() => setSince(at), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [lost])
  if (since === null) return null
  return (
    <Notice kind="warning" title="Not live: the connection is lost" live>
      This page stands as it was <Time at={since} />. It goes on by itself as soon as the service answers.{' '}
      <button
        type="button"
        className="pf-v6-c-button pf-m-link pf-m-inline"
        onClick={() => void queries.invalidateQueries()}
      >
        Ask now
      </button>
    </Notice>
  )
}

/** Beside an answer that could not be renewed: how old it is, and why. */
export function StaleNotice({ error, at }: { error: Error | null; at: number }) {
  const connection = useConnection()
  if (!error || connection === 'lost') return null
  return (
    <Notice kind="warning" title="This may be out of date" live>
      It could not be renewed ({error.message}). What you see is from <Time at={toServerTime(at)} />.
    </Notice>
  )
}
