import { type Guard, judgeError } from '../domain/backend.ts'
import type { Tester } from './tester.ts'

/** A tester that is left alone while it does not answer. Hints come all the same, and what it can test may be known by heart. */
export function guardTester(tester: Tester, guard: Guard): Tester {
  return {
    name: tester.name,
    // an answer may be an old one, which says nothing of the tester; that there is none does
    findProblem: (test) =>
      tester.findProblem(test).catch((error: unknown) => {
        if (judgeError(error) !== 'away') throw error
        return guard(() => Promise.reject(error))
      }),
    startTest: (test) => guard(() => tester.startTest(test)),
    findTest: (requestId, options) => guard(() => tester.findTest(requestId, options)),
    cancelTest: (requestId, options) => guard(() => tester.cancelTest(requestId, options)),
    onChange: (listener) => tester.onChange(listener),
  }
}
