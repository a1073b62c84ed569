import { useEffect, useState } from 'react'
import { Icon } from './Icon.tsx'

/** Puts a text on the clipboard, and says so for two seconds. `what` completes "Copy …". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button
      type="button"
      className="pf-v6-c-button pf-m-plain pf-m-small copy"
      aria-label={`Copy ${what}`}
      title={copied ? 'Copied' : `Copy ${what}`}
      onClick={() => void copyText(text).then(setCopied)}
    >
      <Icon name={copied ? 'check' : 'copy'} className={copied ? 'copied' : ''} />
      <span className="sr-only" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}

/** A text in monospace with a button that copies it; `what` completes "Copy …". */
export function CopyText({ text, what }: { text: string; what: string }) {
  return (
    <span className="commit">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  )
}

/** Lines to run or to save, whole, with a button that copies them all. */
export function Command({ lines, what = 'the command', prompt = true }: CommandProps) {
  const text = Array.isArray(lines) ? lines.join('\n') : lines
  return (
    <div className="command">
      <pre className={prompt ? 'with-prompt' : ''}>
        {text.split('\n').map((line) => (
          <code key={line}>{line}</code>
        ))}
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  )
}

interface CommandProps {
  lines: string | string[]
  what?: string
  /** A `$` before each line, which is not copied. Off for files. */
  prompt?: boolean
}

/** Browsers offer the clipboard only to secure pages; a page of the local network falls back to a selection. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'sr-only'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
