import { Command } from 'commander'
import { wantsNoColor } from '../config.ts'
import { demoOnCopr } from './demo/on-copr.ts'
import { demoOnGithub } from './demo/on-github.ts'
import { demoPlainly } from './demo/plain.ts'
import { StepPrinter, standardOutput } from './terminal.ts'

export function demoCommand(): Command {
  return new Command('demo')
    .description('validate a pull request of the sample project through the real webhook, and keep serving')
    .option('--github', 'on a GitHub of its own on this machine: the App, checks, comments, a fork that waits')
    .option('--copr', 'in processes of their own with PostgreSQL, on a GitHub, a Copr and a Testing Farm of its own')
    .option('--once', 'end when the run has ended, with 1 if it failed')
    .action(demo)
}

interface Options {
  github?: boolean
  copr?: boolean
  once?: boolean
}

async function demo({ github = false, copr = false, once = false }: Options): Promise<void> {
  const output = standardOutput(process.stdout, wantsNoColor())
  const stage = { output, printer: new StepPrinter(output), once }
  if (copr) await demoOnCopr(stage)
  else await (github ? demoOnGithub(stage) : demoPlainly(stage))
}
