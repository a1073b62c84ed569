import type { IconName } from '../lib/state.ts'
import { DRAWINGS } from './drawings.ts'

/** A drawing beside a word. It says nothing by itself, so a screen reader passes it by. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  const [box, path] = DRAWINGS[name]
  return (
    <svg
      className={`pf-v6-svg ${className}`}
      viewBox={box}
      fill="currentColor"
      width="1em"
      height="1em"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  )
}
