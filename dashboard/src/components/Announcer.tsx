import { useEffect, useState } from 'react'

/** Titles change in several steps while a page is put together. */
const SETTLED_MS = 300

/** Says the title when it changes: a screen reader reads it by itself only where a page is loaded, not where it changes. */
export function Announcer() {
  const [said, setSaid] = useState('')
  useEffect(() => {
    let before = document.title
    let timer: ReturnType<typeof setTimeout>
    const changed = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        // the first title belongs to the load of the page
        if (document.title !== before && before !== '') setSaid(document.title)
        before = document.title
      }, SETTLED_MS)
    }
    const observer = new MutationObserver(changed)
    observer.observe(document.head, { childList: true, subtree: true, characterData: true })
    return () => {
      observer.disconnect()
      clearTimeout(timer)
    }
  }, [])
  return (
    <p className="sr-only" aria-live="polite">
      {said}
    </p>
  )
}
