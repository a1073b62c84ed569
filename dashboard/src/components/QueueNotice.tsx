import type { Queue, TestQueue } from '../api/types.ts'
import { Notice } from './Notice.tsx'
import { Time } from './Time.tsx'

const WAITS: Record<TestQueue['waits_for'], string> = {
  build: 'Waiting for its build',
  turn: 'Waiting for its turn',
  runner: 'In the queue of the test runner',
}

/** The place of a run, or of tests, among what waits; of tests without a place what they wait for. */
export function placeText(queue: Queue | TestQueue): string {
  if (queue.position !== null)
    return queue.position <= 1 ? 'Next in the queue' : `Number ${queue.position} in the queue`
  return 'waits_for' in queue ? WAITS[queue.waits_for] : 'In the queue'
}

/** How long it is expected to take until something goes on. */
export function QueueNotice({ queue }: { queue: Queue | TestQueue }) {
  return (
    <Notice kind="info" title={placeText(queue)} live>
      {queue.expected_start === null && queue.expected_end === null ? null : <Expected queue={queue} />}
    </Notice>
  )
}

function Expected({ queue: { expected_start: start, expected_end: end } }: { queue: Queue | TestQueue }) {
  return (
    <>
      {start === null ? null : (
        <>
          Expected to start <Time at={start} />
        </>
      )}
      {end === null ? null : (
        <>
          {start === null ? 'Expected to end ' : ', and to end '}
          <Time at={end} />
        </>
      )}
    </>
  )
}

/** The same in a line, of a step. */
export function QueueLine({ queue }: { queue: TestQueue }) {
  return (
    <>
      {placeText(queue)}
      {queue.expected_start === null ? null : (
        <>
          , expected to start <Time at={queue.expected_start} />
        </>
      )}
    </>
  )
}
