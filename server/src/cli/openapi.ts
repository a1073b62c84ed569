import { Command } from 'commander'
import { buildOpenapi } from '../http/openapi.ts'

export function openapiCommand(): Command {
  return new Command('openapi').description('print the contract of the API (OpenAPI 3.1) as JSON').action(async () => {
    process.stdout.write(`${JSON.stringify(await buildOpenapi(), null, 2)}\n`)
  })
}
