import type { ReactNode } from 'react'
import type { IconName } from '../lib/state.ts'
import { Icon } from './Icon.tsx'

export type NoticeKind = 'info' | 'warning' | 'danger'

const LOOKS: Record<NoticeKind, { icon: IconName; look: string }> = {
  info: { icon: 'info', look: 'pf-m-info' },
  warning: { icon: 'triangle', look: 'pf-m-warning' },
  danger: { icon: 'cross-circle', look: 'pf-m-danger' },
}

interface NoticeProps {
  kind: NoticeKind
  title: ReactNode
  children?: ReactNode
  /** Read out when it appears; for what comes without having been asked for. */
  live?: boolean
}

/** A remark within a page, with its icon, a title and what to do. */
export function Notice({ kind, title, children, live = false }: NoticeProps) {
  const { icon, look } = LOOKS[kind]
  return (
    <div className={`pf-v6-c-alert pf-m-inline notice ${look}`} role={live ? 'status' : undefined}>
      <div className="pf-v6-c-alert__icon">
        <Icon name={icon} />
      </div>
      <p className="pf-v6-c-alert__title">{title}</p>
      {children ? <div className="pf-v6-c-alert__description">{children}</div> : null}
    </div>
  )
}
