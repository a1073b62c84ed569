import { Command } from 'commander'
import { wantsNoColor } from '../config.ts'
import { demoOnGithub } from './demo/on-github.ts'
import { demoPlainly } from './demo/plain.ts'
import { StepPrinter, standardOutput } from './terminal.ts'

export function demoCommand(): Command {
  return new Command('demo')
    .description('validate a pull request of the sample project through the real webhook, and keep serving')
    .option('--github', 'on a GitHub of its own on this machine: the App, checks, comments, a fork that waits')
    .option('--once', 'end when the run has ended, with 1 if it failed')
    .action(demo)
}

async function demo({ github = false, once = false }: { github?: boolean; once?: boolean }): Promise<void> {
  const output = standardOutput(process.stdout, wantsNoColor())
  const stage = { output, printer: new StepPrinter(output), once }
  await (github ? demoOnGithub(stage) : demoPlainly(stage))
}
