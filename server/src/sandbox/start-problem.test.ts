import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainStart } from './start-problem.ts'

test('a message of bubblewrap or its helpers becomes a reason with what to do', () => {
  const cases: [line: string, advice: RegExp][] = [
    ["nice: 'setpriv': No such file or directory", /do: install bubblewrap and util-linux/],
    ['choom: failed to execute bwrap: No such file or directory', /do: install bubblewrap and util-linux/],
    ['bwrap: Unknown option --disable-userns', /do: install bubblewrap 0\.8 or newer/],
    [
      'bwrap: No permissions to create new namespace, likely because the kernel does not allow it',
      /do: allow unprivileged/,
    ],
    ['bwrap: setting up uid map: Permission denied', /do: allow unprivileged user namespaces/],
    ['setpriv: setresuid failed: Invalid argument', /do: allow unprivileged user namespaces/],
    ['bwrap: something new', /do: see docs\/security\.md$/],
    ['', /do: install bubblewrap/],
  ]
  for (const [line, advice] of cases) {
    assert.match(explainStart(line) ?? '', /^no sandbox here: /)
    assert.match(explainStart(line) ?? '', advice, line)
  }
})

test('a message of our own program is a bug, not the lack of a sandbox', () => {
  assert.equal(explainStart('node:internal/modules/run_main:107'), undefined)
})
