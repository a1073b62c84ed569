import { mkdir } from 'node:fs/promises'
import { runProgram } from './run-program.ts'

/**
 * Takes an SRPM apart: Copr wants spec file and sources, and packs them again.
 *
 * @param database  an empty folder: that of the machine belongs to root
 */
export async function unpackSrpm(srpm: string, into: string, database: string): Promise<void> {
  await mkdir(database, { recursive: true })
  const folders = [`_sourcedir ${into}`, `_specdir ${into}`, `_topdir ${into}`]
  const defines = folders.flatMap((define) => ['--define', define])
  await runProgram('rpm', ['--install', '--nosignature', '--nodeps', '--dbpath', database, ...defines, srpm])
}
