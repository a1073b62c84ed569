import type { ReactNode } from 'react'
import type { IconName } from '../lib/state.ts'
import { Icon } from './Icon.tsx'

interface EmptyProps {
  icon: IconName
  title: string
  children: ReactNode
  /** The heading's level: 1 where the whole page is empty. */
  level?: 1 | 2 | 3
}

/** Where nothing is: what would be here, and the one step that makes it appear. */
export function Empty({ icon, title, children, level = 2 }: EmptyProps) {
  const Heading = `h${level}` as const
  return (
    <div className="pf-v6-c-empty-state empty">
      <div className="pf-v6-c-empty-state__content">
        <div className="pf-v6-c-empty-state__header">
          <div className="pf-v6-c-empty-state__icon">
            <Icon name={icon} />
          </div>
          <Heading className="pf-v6-c-empty-state__title-text">{title}</Heading>
        </div>
        <div className="pf-v6-c-empty-state__body">{children}</div>
      </div>
    </div>
  )
}
