import { htmlText } from '../../../domain/escape.ts'

const LOGO =
  '<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round">' +
  '<rect width="32" height="32" rx="7" fill="#0066cc" stroke="none"/>' +
  '<path d="m16 5.5 9 5.2v10.6l-9 5.2-9-5.2V10.7zM7.300 10.900l8.700 5 8.700-5M16 15.900v10.300"/></svg>'

/** HTML that is put together already; everything else goes through `htmlText`. */
export interface Html {
  html: string
}

/** A template whose values are escaped, but for those that are HTML already. Lists are joined. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  const rest = values.map((value, index) => toText(value) + (parts[index + 1] ?? ''))
  return { html: (parts[0] ?? '') + rest.join('') }
}

function toText(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string' || typeof value === 'number') return htmlText(String(value))
  return 'html' in value ? value.html : value.map((one) => one.html).join('')
}

export const NOTHING: Html = { html: '' }

/**
 * A whole page.
 *
 * @param prefix  path of the service, without a slash at the end
 */
export function renderPage(prefix: string, title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} · Packit</title>
<link rel="icon" href="${prefix}/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="${prefix}/setup/style.css"></head>
<body><header class="masthead"><a href="${prefix}/">${{ html: LOGO }} <span class="brand">Packit</span></a></header>
<main><h1>${title}</h1>
${content}
</main></body></html>
`.html
}

export function notice(kind: 'warn' | 'good' | 'bad', title: string, text: Html | string): Html {
  const role = kind === 'bad' ? 'alert' : 'note'
  return html`<div class="notice ${kind}" role="${role}"><strong>${title}</strong> ${text}</div>`
}
