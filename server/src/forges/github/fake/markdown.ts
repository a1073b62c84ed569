// As much of GitHub's Markdown as what is posted needs, so that the pages show it as people see it.
import { Html, html } from './html.ts'

const INLINE = /\\([^A-Za-z0-9\s])|(`+)(.+?)\2|\*\*(.+?)\*\*|\[((?:\\.|[^\]\\])+)\]\((https?:\/\/[^\s)]+)\)/g

/** Text with lists, code, bold, links and `<details>`; any other HTML is shown as text, comments are left out. */
export function renderMarkdown(text: string): Html {
  const parts: Html[] = []
  const lines = text.replaceAll('\r', '').split('\n')
  while (lines.length > 0) parts.push(takeBlock(lines))
  return html`<div class="text">${parts}</div>`
}

/** Takes the lines of the next block from the front. */
function takeBlock(lines: string[]): Html {
  const line = lines.shift() ?? ''
  if (line.trim() === '' || /^<!--.*-->$/.test(line.trim())) return html``
  const summary = /^<details><summary>(.*)<\/summary>$/.exec(line.trim())
  if (summary) return html`${new Html('<details>')}<summary>${inline(summary[1] ?? '')}</summary>`
  if (line.trim() === '</details>') return new Html('</details>')
  const fence = /^(`{3,})/.exec(line)?.[1]
  if (fence) return html`<pre>${takeWhile(lines, (one) => !one.startsWith(fence), true).join('\n')}</pre>`
  if (line.startsWith('- ')) {
    const items = [line, ...takeWhile(lines, (one) => /^(- | {2})/.test(one))]
    return html`<ul class="plain">${items.map((item) => html`<li>${inline(item.replace(/^(- | {2})/, ''))}</li>`)}</ul>`
  }
  const rest = takeWhile(lines, (one) => one.trim() !== '' && !/^(- |```|<)/.test(one))
  return html`<p>${[line, ...rest].map((one, index) => html`${index > 0 ? html`<br>` : ''}${inline(one)}`)}</p>`
}

function takeWhile(lines: string[], isIn: (line: string) => boolean, withEnd = false): string[] {
  const end = lines.findIndex((line) => !isIn(line))
  const taken = lines.splice(0, end < 0 ? lines.length : end)
  if (withEnd) lines.shift()
  return taken
}

function inline(text: string): Html {
  const parts: Html[] = []
  let at = 0
  for (const found of text.matchAll(INLINE)) {
    parts.push(html`${text.slice(at, found.index)}`, piece(found))
    at = found.index + found[0].length
  }
  return html`${parts}${text.slice(at)}`
}

function piece([, escaped, , code, bold, label, address]: RegExpMatchArray): Html {
  if (escaped !== undefined) return html`${escaped}`
  if (code !== undefined) return html`<code>${code}</code>`
  if (bold !== undefined) return html`<strong>${inline(bold)}</strong>`
  return html`<a href="${address}">${inline(label ?? '')}</a>`
}
