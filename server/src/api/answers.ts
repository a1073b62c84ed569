import type { TSchema } from 'typebox'
import Type from 'typebox'
import { Problem, ref } from './models/common.ts'

const problem = (description: string) => Type.Unsafe<Problem>({ ...ref(Problem), description })

/** The refusals every operation may answer, documented beside its own answers. */
export const refusals = {
  429: problem('Too many requests from this address'),
  500: problem('A fault of this service'),
  503: problem('Busy: try again later'),
}

/** Answers of an operation that finds one thing. */
export function detail<T extends TSchema>(model: T) {
  return { 200: model, 304: notModified, 404: problem('Not found'), ...refusals }
}

/** Answers of a list; the projects family answers an empty page with 200 instead of 206. */
export function list<T extends TSchema>(entry: T) {
  return { 206: entries(entry), 304: notModified, 400: problem('A parameter is wrong'), ...refusals }
}

export function projectList<T extends TSchema>(entry: T) {
  return { 200: Type.Array(entry, { description: 'Nothing here', maxItems: 0 }), ...list(entry) }
}

function entries<T extends TSchema>(entry: T) {
  return Type.Array(entry, { description: 'A page of the list; Content-Range and Link tell of the others' })
}

const notModified = Type.Null({ description: 'Not changed since the ETag given in If-None-Match' })

export { notModified, problem }
