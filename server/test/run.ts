// Runs the server's tests, with one PostgreSQL for all of them instead of one for each file that needs it.
//
//   node server/test/run.ts                                 all tests
//   node server/test/run.ts --on postgres [FILE…]           files whose databases are embedded otherwise, on PostgreSQL
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startCluster } from '../src/cli/postgres-cluster.ts'
import { testFiles } from './test-files.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const ALL = ['server/src/**/*.test.ts', 'server/test/**/*.test.ts']

const { values, positionals } = parseArgs({ allowPositionals: true, options: { on: { type: 'string' } } })
const url = process.env.PACKIT_TEST_DATABASE_URL ?? (await startCluster()).urlOf('postgres')
const code = await testFiles(
  [
    '--import=./server/src/cli/load-quickly.ts',
    // compiles the database's WebAssembly in one quick pass: no test lives long enough for the slower one to pay
    '--liftoff-only',
    ...['--test-concurrency=3', ...(positionals.length > 0 ? positionals : ALL)],
  ],
  {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: `${ROOT}.tmp/compile-cache`,
      PACKIT_TEST_DATABASE_URL: url,
      ...(values.on === undefined ? {} : { PACKIT_TEST_DATABASE_KIND: values.on }),
    },
  },
)
process.exit(code)
