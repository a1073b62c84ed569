import { useKept } from '../lib/kept.ts'
import { isWatched, toggleWatched, type Watched, watched } from '../lib/watch.ts'
import { Icon } from './Icon.tsx'

interface WatchProps {
  what: Watched
  /** What people call it: `acme/hello#41`. */
  name: string
}

/** A star: whatever has one is on the home page of this browser. */
export function Watch({ what, name }: WatchProps) {
  const list = useKept(watched)
  const isOn = isWatched(list, what)
  return (
    <button
      type="button"
      className={`pf-v6-c-button pf-m-secondary pf-m-small watch ${isOn ? 'pressed' : ''}`}
      aria-pressed={isOn}
      aria-label={`Watch ${name}`}
      title={isOn ? 'On your home page; press to take it away' : 'Keeps its newest run on your home page'}
      onClick={() => watched.set(toggleWatched(list, what))}
    >
      <Icon name={isOn ? 'star-filled' : 'star'} /> Watch
    </button>
  )
}
