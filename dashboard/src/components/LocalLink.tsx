import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface LocalLinkProps {
  /** An address of ours relative to the base, with whatever search and fragment: `pipeline/5?log=srpm-7#L12`. */
  href: string
  onFollow?: () => void
  children: ReactNode
}

/** A link to an address that is made as text. It changes the page without loading all of it anew. */
export function LocalLink({ href, onFollow, children }: LocalLinkProps) {
  const router = useRouter()
  return (
    <a
      href={href}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        const url = new URL(href, document.baseURI)
        router.history.push(url.pathname + url.search + url.hash)
        onFollow?.()
      }}
    >
      {children}
    </a>
  )
}
