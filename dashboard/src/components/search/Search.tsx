import { type FocusEvent, type KeyboardEvent, lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { Icon } from '../Icon.tsx'
import { LIST_ID, type ListHandle } from './list-handle.ts'

const SearchList = lazy(async () => ({ default: (await import('./SearchList.tsx')).SearchList }))

/**
 * The one search field, on every page; `/` goes there. On a phone it lies over the page while it is used.
 *
 * A combobox by the ARIA practices: the focus stays in the field, the list below says which of its lines is meant. The
 * list is loaded when the field is first used.
 */
export function Search() {
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const list = useRef<ListHandle | null>(null)
  useSlashKey(input, setOpen)
  const close = () => {
    flushSync(() => setOpen(false))
    setActive(null)
    // on a phone the field is gone now: the keyboard stays where it was opened
    if (document.activeElement === document.body || input.current?.offsetParent === null) opener.current?.focus()
  }
  const leave = (event: FocusEvent) => {
    if (event.currentTarget.contains(event.relatedTarget)) return
    setOpen(false)
    setActive(null)
  }
  return (
    <search className={`search ${isOpen ? 'open' : ''}`} onBlur={leave}>
      <button
        type="button"
        ref={opener}
        className="pf-v6-c-button pf-m-plain search-open"
        aria-label="Search"
        onClick={() => showField(input, setOpen)}
      >
        <Icon name="search" />
      </button>
      <div className="search-field">
        <Icon name="search" className="search-icon" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Search projects, pull requests, commits and packages"
          aria-autocomplete="list"
          aria-expanded={isOpen && active !== null}
          aria-controls={LIST_ID}
          aria-activedescendant={active ? active : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          placeholder="Search"
          value={text}
          onFocus={() => setOpen(true)}
          onClick={() => setOpen(true)}
          onChange={(event) => {
            setText(event.target.value)
            setOpen(true)
          }}
          onKeyDown={(event) => onKey(event, { isOpen, text, list, close, open: () => setOpen(true), setText })}
        />
        <span className="search-key" aria-hidden="true">
          /
        </span>
        <button type="button" className="pf-v6-c-button pf-m-plain search-close" aria-label="Close" onClick={close}>
          <Icon name="cross" />
        </button>
      </div>
      {isOpen ? (
        <div className="search-panel">
          <Suspense fallback={<p className="search-said subtle">Loading…</p>}>
            <SearchList text={text} handle={list} onText={setText} onActive={setActive} onDone={close} />
          </Suspense>
        </div>
      ) : null}
    </search>
  )
}

interface KeyDeps {
  isOpen: boolean
  text: string
  list: RefObject<ListHandle | null>
  close: () => void
  open: () => void
  setText: (text: string) => void
}

function onKey(event: KeyboardEvent<HTMLInputElement>, { isOpen, text, list, close, open, setText }: KeyDeps) {
  if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
  if (event.key === 'Escape') {
    // the first closes the list, the next takes the text away, the last leaves the field
    if (isOpen) close()
    else if (text !== '') setText('')
    else event.currentTarget.blur()
    event.preventDefault()
    return
  }
  if (!isOpen && /^Arrow(Down|Up)$/.test(event.key)) {
    open()
    event.preventDefault()
    return
  }
  if (isOpen && list.current?.onKey(event.key)) event.preventDefault()
}

/** On a phone the field is hidden until it is open: it can take the focus only after that. */
function showField(input: RefObject<HTMLInputElement | null>, setOpen: (open: boolean) => void) {
  flushSync(() => setOpen(true))
  input.current?.focus()
}

/** `/` goes to the field from wherever nobody writes. */
function useSlashKey(input: RefObject<HTMLInputElement | null>, setOpen: (open: boolean) => void) {
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return
      event.preventDefault()
      showField(input, setOpen)
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [input, setOpen])
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
