import type { Guard } from '../domain/backend.ts'
import type { Tester } from './tester.ts'

/** A tester that is left alone while it does not answer. Hints come all the same, and what it can test may be known by heart. */
export function guardTester(tester: Tester, guard: Guard): Tester {
  return {
    name: tester.name,
    findProblem: (test) => tester.findProblem(test),
    startTest: (test) => guard(() => tester.startTest(test)),
    findTest: (requestId, options) => guard(() => tester.findTest(requestId, options)),
    cancelTest: (requestId, options) => guard(() => tester.cancelTest(requestId, options)),
    onChange: (listener) => tester.onChange(listener),
  }
}
