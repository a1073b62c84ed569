// Ends with 0 when the service of this container lives; with code 1 otherwise. Whether it is ready is for the proxy to ask.
const port = process.env.PACKIT_PORT || '8080'
const answer = await fetch(`http://127.0.0.1:${port}/api/healthz`, { signal: AbortSignal.timeout(4000) }).catch(
  () => undefined,
)
process.exit(answer?.ok ? 0 : 1)
