import { type Followed, followed, isFollowed, toggleFollowed } from '../lib/follow.ts'
import { useKept } from '../lib/kept.ts'
import { Icon } from './Icon.tsx'

interface FollowProps {
  what: Followed
  /** What people call it: `acme/hello#41`. */
  name: string
}

/** A star: whatever has one is on the home page of this browser. */
export function Follow({ what, name }: FollowProps) {
  const list = useKept(followed)
  const isOn = isFollowed(list, what)
  return (
    <button
      type="button"
      className={`pf-v6-c-button pf-m-secondary pf-m-small follow ${isOn ? 'pressed' : ''}`}
      aria-pressed={isOn}
      aria-label={`Follow ${name}`}
      title={isOn ? 'On your home page; press to take it away' : 'Keeps its newest run on your home page'}
      onClick={() => followed.set(toggleFollowed(list, what))}
    >
      <Icon name={isOn ? 'star-filled' : 'star'} /> Follow
    </button>
  )
}
