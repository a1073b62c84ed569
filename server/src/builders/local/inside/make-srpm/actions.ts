import { actionCommands, showCommand } from '../../../../domain/srpm/actions.ts'
import { CommandError, run } from './run.ts'
import { reasonOf, StepError, say, type Workshop } from './workshop.ts'

/** Whether the configuration defines an action, be it with an empty list. */
export function hasAction(shop: Workshop, action: string): boolean {
  return Object.hasOwn(shop.options.actions, action)
}

/**
 * Runs the commands of an action one after another, each shown in the log with what it prints.
 *
 * @param variables  besides those about the package
 * @returns standard output of each command; empty when the action isn't defined or has no command
 * @throws {StepError} `config` when its value isn't commands, `action-failed` when a command fails, naming it
 */
export async function runAction(
  shop: Workshop,
  action: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  if (!hasAction(shop, action)) return []
  const env = { ...packageVariables(shop), ...variables }
  const outputs: string[] = []
  for (const command of readCommands(shop, action)) {
    const shown = showCommand(command)
    say(shop, `==> Action ${action}: ${shown}`)
    const { stdout } = await run(shop, command, { env }).catch((error: unknown) => {
      const lacks = error instanceof CommandError && error.lacks ? { lacks: `program ${error.lacks}` } : {}
      const message = `Action ${action}: command ${shown} failed: ${reasonOf(error)}.`
      throw new StepError('action-failed', message, { action, ...lacks })
    })
    outputs.push(stdout)
  }
  return outputs
}

function readCommands(shop: Workshop, action: string): string[][] {
  try {
    return actionCommands(shop.options.actions[action])
  } catch (error) {
    throw new StepError('config', `actions: ${action}: ${reasonOf(error)}`, { action })
  }
}

/** Variables that every action sees. */
export function packageVariables({ input, options }: Workshop): Record<string, string> {
  return {
    PACKIT_CONFIG_PACKAGE_NAME: input.package,
    PACKIT_UPSTREAM_PACKAGE_NAME: options.upstream_package_name ?? '',
    PACKIT_DOWNSTREAM_PACKAGE_NAME: options.downstream_package_name ?? '',
    PACKIT_SPECFILE_PATH: options.specfile_path ?? '',
  }
}

/** Variables of the two hooks around the preparation, `post-upstream-clone` and `post-modifications`. */
export function hookVariables(shop: Workshop): Record<string, string> {
  return { PACKIT_UPSTREAM_REPO: shop.repo, PACKIT_PWD: shop.repo }
}
