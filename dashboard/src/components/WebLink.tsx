import type { ReactNode } from 'react'
import { apiUrl } from '../api/base.ts'

interface WebLinkProps {
  href: string | null | undefined
  className?: string
  children: ReactNode
}

/**
 * A link to an address that others chose. A repository may also be a folder, and a stranger may write anything: only
 * addresses of the web, and of our own repositories, become links.
 */
export function WebLink({ href, className, children }: WebLinkProps) {
  if (!href || !/^(https?:\/\/|\/repos\/)/.test(href)) return <span className={className}>{children}</span>
  return (
    <a href={href.startsWith('/') ? apiUrl(href) : href} className={className}>
      {children}
    </a>
  )
}
