import { stripAnsi } from '../lib/ansi.ts'

/** A text that came with the answer, such as the output of a command; nothing when there is none. */
export function TextLog({ title, text }: { title: string; text: string | null | undefined }) {
  if (!text) return null
  return (
    <section className="panel text-log">
      <h2>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be scrolled by keys */}
      <pre tabIndex={0}>{text.split('\n').map(stripAnsi).join('\n')}</pre>
    </section>
  )
}
