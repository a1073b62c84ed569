import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Example {
  /** `event action`, `-` for none: its row in `vectors/github-deliveries.json`. */
  row: string
  event: string
  body: Record<string, unknown>
}

/** Every payload of `@octokit/webhooks-examples`: of github.com, and of each release of Enterprise that it has. */
export function readExamples(): Example[] {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('@octokit/webhooks-examples'))), '..')
  const releases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return releases
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name, 'index.json'), 'utf8')) as Group[])
    .flatMap(({ name: event, examples }) =>
      examples.map((body) => ({ event, body, row: `${event} ${body.action ?? '-'}` })),
    )
}

interface Group {
  name: string
  examples: Record<string, unknown>[]
}
