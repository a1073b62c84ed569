/** HTML that is safe to show as it is. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | null | undefined | false | readonly Part[]

/** HTML from a template: what is put in is escaped, unless it was made by this function itself. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(texts.map((text, index) => text + (index < parts.length ? show(parts[index]) : '')).join(''))
}

function show(part: Part): string {
  if (part instanceof Html) return part.text
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'object') return part.map(show).join('')
  return escapeText(String(part))
}

function escapeText(text: string): string {
  const words: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replaceAll(/[&<>"']/g, (sign) => words[sign] ?? '')
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1f2328; background: #fff }
header { border-bottom: 1px solid #d0d7de; margin-bottom: 1rem; color: #59636e }
section, li.card { border: 1px solid #d0d7de; border-radius: 6px; padding: .5rem 1rem; margin: 1rem 0; list-style: none }
ul { padding-left: 0 } ul.plain { padding-left: 1.5rem }
code { background: #f6f8fa; padding: .1rem .3rem; border-radius: 4px; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f8fa; padding: .5rem; border-radius: 6px }
.state { font-weight: 600; padding: 0 .5rem; border-radius: 1rem; border: 1px solid }
.success, .open { color: #116329 } .failure, .error, .closed { color: #a40e26 } .action_required { color: #7d4e00 }
.merged { color: #6639ba } form { display: inline-block; margin: .2rem .5rem .2rem 0 }
textarea { width: 100%; box-sizing: border-box; min-height: 5rem; font: inherit }
button, select, textarea { font: inherit; border: 1px solid #d0d7de; border-radius: 6px; background: #f6f8fa; padding: .15rem .6rem }
button { cursor: pointer; font-weight: 600 } button:hover { background: #eaeef2 }
label, .reaction { color: #59636e; font-size: .875rem } .reaction { border: 1px solid #d0d7de; border-radius: 1rem; padding: .1rem .5rem }
li.card > p { margin: .4rem 0 } li.card { margin: .5rem 0 } .in_progress, .queued { color: #9a6700 } .neutral, .skipped { color: #59636e }
a { color: #0550ae }`

/** A whole page. */
export function page(title: string, body: Html): string {
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} · fake GitHub</title><style>${new Html(STYLE)}</style></head>
<body><header><p>A fake GitHub on this machine, for trying things out. <a href="/">Repositories</a></p></header>
<main><h1>${title}</h1>
${body}</main></body></html>
`.text
}
