import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { searchQuery } from '../../api/search-queries.ts'
import { type Choice, groupsOf, nextIndex, recentGroups } from '../../lib/hits.ts'
import { useKept } from '../../lib/kept.ts'
import { recent, remember } from '../../lib/recent.ts'
import { ChoiceList, optionId } from './ChoiceList.tsx'
import type { ListHandle } from './list-handle.ts'

/** Letters typed this quickly after each other ask once. */
const TYPING_MS = 150

interface SearchListProps {
  /** What stands in the field. */
  text: string
  handle: RefObject<ListHandle | null>
  onText: (text: string) => void
  /** The id of the line that is meant, empty for none; null while there is no line at all. */
  onActive: (id: string | null) => void
  onDone: () => void
}

/** What was found for the text, or what one looked at lately while there is none. */
export function SearchList({ text, handle, onText, onActive, onDone }: SearchListProps) {
  const wanted = text.trim()
  const asked = useSettled(wanted, TYPING_MS)
  const answer = useQuery(searchQuery(asked))
  const kept = useKept(recent)
  const groups = useMemo(
    () => (wanted === '' ? recentGroups(kept) : answer.data ? groupsOf(answer.data) : []),
    [wanted, kept, answer.data],
  )
  const isFresh = wanted === '' || (asked === wanted && !answer.isPlaceholderData && answer.data !== undefined)
  const choices = useMemo(() => groups.flatMap((group) => group.choices), [groups])
  const go = useGo({ wanted, onText, onDone })
  const [index, isWaiting] = useKeys({ handle, choices, isFresh, wanted, go })

  const active = choices.length === 0 ? null : index < 0 ? '' : optionId(index)
  // before the next key is read: the field and the list mean the same line
  useLayoutEffect(() => {
    onActive(active)
    return () => onActive(null)
  }, [active, onActive])

  return (
    <>
      <ChoiceList groups={groups} index={index} onChoose={go} />
      {wanted === '' ? (
        <Hint isEmpty={kept.length === 0} onForget={() => recent.set([])} />
      ) : (
        <Said answer={answer} isFresh={isFresh} isWaiting={isWaiting} count={choices.length} text={wanted} />
      )}
    </>
  )
}

/** A value once it has stayed the same for a while; nothing, and the first one, at once. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}

interface GoDeps {
  wanted: string
  onText: (text: string) => void
  onDone: () => void
}

/** Goes to what was chosen, and remembers it; a former search is searched again. */
function useGo({ wanted, onText, onDone }: GoDeps) {
  const router = useRouter()
  return ({ label, detail, page }: Choice) => {
    if (page === null) {
      onText(label)
      return
    }
    const before = recent.get()
    const searched = wanted === '' ? before : remember(before, { label: wanted, detail: null, page: null })
    recent.set(remember(searched, { label, detail, page }))
    onText('')
    onDone()
    // the new page takes the focus from here
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    router.history.push(new URL(page.slice(1), document.baseURI).pathname)
  }
}

interface KeysDeps {
  handle: RefObject<ListHandle | null>
  choices: readonly Choice[]
  /** The choices belong to what stands in the field. */
  isFresh: boolean
  wanted: string
  go: (choice: Choice) => void
}

/**
 * Arrows choose a line, Enter goes to it, or to the first hit where none was chosen. Enter pressed before the answer is
 * there counts when it comes.
 */
function useKeys({ handle, choices, isFresh, wanted, go }: KeysDeps): [index: number, isWaiting: boolean] {
  const [chosen, setChosen] = useState(-1)
  const [waitsFor, setWaitsFor] = useState<string | null>(null)
  const index = Math.min(chosen, choices.length - 1)
  const before = useRef(wanted)
  useEffect(() => {
    if (before.current === wanted) return
    before.current = wanted
    setChosen(-1)
  }, [wanted])

  const isWaiting = waitsFor !== null && waitsFor === wanted
  const first = choices[0]
  useEffect(() => {
    if (!isWaiting || !isFresh) return
    setWaitsFor(null)
    if (first) go(first)
  })

  useImperativeHandle(handle, () => ({
    onKey: (key) => {
      if (key === 'ArrowDown' || key === 'ArrowUp')
        setChosen(nextIndex(index, key === 'ArrowDown' ? 1 : -1, choices.length))
      else if (key === 'Enter') {
        const choice = index >= 0 ? choices[index] : undefined
        if (choice) go(choice)
        else if (wanted !== '') setWaitsFor(wanted)
      } else return false
      return true
    },
  }))
  return [index, isWaiting]
}

interface SaidProps {
  answer: { error: Error | null; failureReason: Error | null; refetch: () => unknown }
  isFresh: boolean
  isWaiting: boolean
  count: number
  text: string
}

/** How the search stands, in words: read out, too. */
function Said({ answer: { error, failureReason, refetch }, isFresh, isWaiting, count, text }: SaidProps) {
  if (error) {
    return (
      <div className="search-said" role="status">
        The search failed: {error.message}{' '}
        <button type="button" className="pf-v6-c-button pf-m-link pf-m-inline" onClick={() => void refetch()}>
          Try again
        </button>
      </div>
    )
  }
  const searching = failureReason ? 'The service does not answer. Still trying…' : 'Searching…'
  const found = count === 1 ? '1 hit' : `${count} hits`
  const isQuiet = isFresh && count > 0
  return (
    <p className={isQuiet ? 'sr-only' : 'search-said subtle'} role="status">
      {isFresh ? (
        count === 0 ? (
          <None text={text} />
        ) : (
          found
        )
      ) : isWaiting ? (
        `${searching} then to the first hit`
      ) : (
        searching
      )}
    </p>
  )
}

function None({ text }: { text: string }) {
  return (
    <>
      Nothing is called “{text}”. A part of a name or title works, as do <code>#41</code>, a commit's first digits, and
      the address of a project or pull request.
    </>
  )
}

function Hint({ isEmpty, onForget }: { isEmpty: boolean; onForget: () => void }) {
  if (isEmpty) {
    return (
      <p className="search-said subtle" role="status">
        Part of a name or title, <code>#41</code>, a commit, or the address of a pull request. What you look at is
        remembered here, in this browser.
      </p>
    )
  }
  return (
    <p className="search-said">
      <button type="button" className="pf-v6-c-button pf-m-link pf-m-inline" onClick={onForget}>
        Forget these
      </button>
    </p>
  )
}
