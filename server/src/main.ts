import { Command, CommanderError } from 'commander'
import { exitCodeOf, tellError } from './cli/errors.ts'
import './cli/load-quickly.ts'
import { version } from './cli/version.ts'

/** A command is loaded when it is asked for: `config` answers at once, without database and web server. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./cli/serve.ts')).serveCommand(),
  web: async () => (await import('./cli/web.ts')).webCommand(),
  worker: async () => (await import('./cli/worker.ts')).workerCommand(),
  demo: async () => (await import('./cli/demo.ts')).demoCommand(),
  try: async () => (await import('./cli/try.ts')).tryCommand(),
  config: async () => (await import('./cli/config.ts')).configCommand(),
  deliveries: async () => (await import('./cli/data.ts')).deliveriesCommand(),
  replay: async () => (await import('./cli/data.ts')).replayCommand(),
  cancel: async () => (await import('./cli/data.ts')).cancelCommand(),
  allow: async () => (await import('./cli/data.ts')).allowCommand(),
  deny: async () => (await import('./cli/data.ts')).denyCommand(),
  forget: async () => (await import('./cli/data.ts')).forgetCommand(),
  allowlist: async () => (await import('./cli/data.ts')).allowlistCommand(),
  token: async () => (await import('./cli/data.ts')).tokenCommand(),
  audit: async () => (await import('./cli/data.ts')).auditCommand(),
  targets: async () => (await import('./cli/data.ts')).targetsCommand(),
  'sign-in-link': async () => (await import('./cli/data.ts')).signInLinkCommand(),
  'setup-link': async () => (await import('./cli/data.ts')).setupLinkCommand(),
  doctor: async () => (await import('./cli/doctor.ts')).doctorCommand(),
  migrate: async () => (await import('./cli/migrate.ts')).migrateCommand(),
  import: async () => (await import('./cli/import.ts')).importCommand(),
  export: async () => (await import('./cli/archive/commands.ts')).exportCommand(),
  backup: async () => (await import('./cli/archive/commands.ts')).backupCommand(),
  restore: async () => (await import('./cli/archive/restore.ts')).restoreCommand(),
  openapi: async () => (await import('./cli/openapi.ts')).openapiCommand(),
}

const program = new Command('packit-service')
  .description('Builds every change of your project as packages for Fedora, CentOS Stream and EPEL.')
  .version(version)
  .showHelpAfterError('(add --help for what can be given)')
  .exitOverride()

try {
  const asked = COMMANDS[process.argv[2] ?? '']
  for (const load of asked ? [asked] : Object.values(COMMANDS)) {
    const command = (await load()).copyInheritedSettings(program)
    for (const part of command.commands) part.copyInheritedSettings(command)
    program.addCommand(command)
  }
  await program.parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    tellError(error)
    process.exitCode = exitCodeOf(error)
  }
}
