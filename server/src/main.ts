import { Command, CommanderError } from 'commander'
import { configCommand } from './cli/config.ts'
import { dataCommands } from './cli/data.ts'
import { demoCommand } from './cli/demo.ts'
import { exitCodeOf, tellError } from './cli/errors.ts'
import { migrateCommand } from './cli/migrate.ts'
import { openapiCommand } from './cli/openapi.ts'
import { serveCommand } from './cli/serve.ts'
import { tryCommand } from './cli/try.ts'
import { version } from './cli/version.ts'

const program = new Command('packit-service')
  .description('Builds every change of your project as packages for Fedora, CentOS Stream and EPEL.')
  .version(version)
  .showHelpAfterError('(add --help for what can be given)')
  .exitOverride()

for (const command of [
  serveCommand(),
  demoCommand(),
  tryCommand(),
  configCommand(),
  ...dataCommands(),
  migrateCommand(),
  openapiCommand(),
]) {
  program.addCommand(command.copyInheritedSettings(program))
}

try {
  await program.parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    tellError(error)
    process.exitCode = exitCodeOf(error)
  }
}
