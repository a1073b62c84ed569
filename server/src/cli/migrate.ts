import { Command } from 'commander'
import { readConfig } from '../config.ts'
import { openDatabase } from './open-database.ts'

export function migrateCommand(): Command {
  return new Command('migrate').description('bring the tables of the database up to date').action(async () => {
    const { database, close } = await openDatabase(readConfig(), (line) => console.error(line))
    console.log(`the ${database.kind === 'embedded' ? 'embedded database' : 'PostgreSQL database'} is up to date`)
    await close()
  })
}
