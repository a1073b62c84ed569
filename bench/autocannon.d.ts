// The part of autocannon that is used here; it has no types of its own.
declare module 'autocannon' {
  export interface Result {
    requests: { total: number }
    /** Seconds that it took in the end. */
    duration: number
    /** Milliseconds. */
    latency: { p50: number; p99: number }
    errors: number
    timeouts: number
    non2xx: number
  }
  interface Options {
    url: string
    connections: number
    /** Seconds. */
    duration: number
    /** Seconds until a request counts as timed out. */
    timeout: number
    requests: { method: 'GET'; path: string }[]
  }
  export default function autocannon(options: Options): Promise<Result>
}
