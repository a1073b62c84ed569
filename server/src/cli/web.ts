import { Command } from 'commander'
import { serve } from './serve.ts'

export function webCommand(): Command {
  return new Command('web')
    .description('serve pages, API and webhooks; the queue is worked by "worker" processes (needs PostgreSQL)')
    .action(() => serve('web'))
}
