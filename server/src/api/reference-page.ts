import { htmlText } from '../domain/escape.ts'

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: { enum?: string[]; default?: unknown }
}

interface Operation {
  operationId?: string
  summary?: string
  description?: string
  parameters?: Parameter[]
  responses?: Record<string, { description?: string }>
}

/** The part of an OpenAPI document that the page shows. */
export interface ReferenceDocument {
  info: { title: string; description?: string }
  paths?: Record<string, Record<string, Operation>>
}

export const REFERENCE_STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color-scheme: light dark }
h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; overflow-wrap: anywhere }
code, h2 { font-family: ui-monospace, monospace }
label { display: inline-block; margin: 0 1rem .5rem 0 }
label span { display: block; font-size: .85rem }
p { margin: .25rem 0 .5rem }
.answers { font-size: .9rem }
`

/**
 * A page to read the contract, and to try what can be asked without more than a query. It needs no script.
 *
 * @param base  path of the service, without a slash at the end
 */
export function renderReference(document: ReferenceDocument, base: string): string {
  const sections = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => renderOperation(path, method, operation, base)),
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${htmlText(document.info.title)}</title><link rel="stylesheet" href="${htmlText(base)}/api/reference.css"></head>
<body><main><h1>${htmlText(document.info.title)}</h1>
<p>${htmlText(document.info.description ?? '')}</p>
<p>The whole contract: <a href="${htmlText(base)}/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${sections.join('\n')}</main></body></html>
`
}

function renderOperation(path: string, method: string, operation: Operation, base: string): string {
  const parameters = operation.parameters ?? []
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  const canTry = method === 'get' && !parameters.some((parameter) => parameter.in === 'path')
  const answers = Object.entries(operation.responses ?? {})
    .map(([status, answer]) => `<li><code>${htmlText(status)}</code> ${htmlText(answer.description ?? '')}</li>`)
    .join('')
  return `<section><h2 id="${htmlText(operation.operationId ?? '')}">${method.toUpperCase()} ${htmlText(path)}</h2>
<p>${htmlText(operation.summary ?? '')}. ${htmlText(operation.description ?? '')}</p>
${canTry ? renderForm(base + path, inQuery) : renderList(parameters)}
<details class="answers"><summary>Answers</summary><ul>${answers}</ul></details></section>`
}

function renderForm(address: string, parameters: Parameter[]): string {
  const fields = parameters.map(
    (parameter) =>
      `<label title="${htmlText(parameter.description ?? '')}"><span>${htmlText(parameter.name)}</span>${renderField(parameter)}</label>`,
  )
  return `<form action="${htmlText(address)}">${fields.join('')}<button>Ask</button></form>`
}

function renderField({ name, schema }: Parameter): string {
  if (!schema?.enum) return `<input name="${htmlText(name)}" value="${htmlText(String(schema?.default ?? ''))}">`
  const options = schema.enum.map((word) => `<option>${htmlText(word)}</option>`)
  return `<select name="${htmlText(name)}">${options.join('')}</select>`
}

function renderList(parameters: Parameter[]): string {
  const items = parameters.map(
    ({ name, description }) => `<li><code>${htmlText(name)}</code> ${htmlText(description ?? '')}</li>`,
  )
  return items.length > 0 ? `<ul>${items.join('')}</ul>` : ''
}
