import type { Sandbox } from '../sandbox/sandbox.ts'

const described = new WeakMap<Sandbox, Promise<{ ok: boolean; message: string | null }>>()

/** Looked at once: what a machine can isolate does not change while the service runs. */
export function describeSandbox(sandbox: Sandbox): Promise<{ ok: boolean; message: string | null }> {
  const known = described.get(sandbox)
  if (known) return known
  const found = sandbox.describe().then(({ ok, findings }) => {
    const bad = findings
      .filter((finding) => !finding.ok)
      .map(({ what, advice }) => (advice ? `${what}: ${advice}` : what))
    return { ok, message: bad.join('; ') || null }
  })
  described.set(sandbox, found)
  return found
}
