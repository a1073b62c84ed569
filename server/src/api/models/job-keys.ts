import Type from 'typebox'
import { epochOrNull, ref, State, textOrNull, wholeOrNull } from './common.ts'

/** What job objects have beside the contract's keys. */
export const jobKeys = {
  state: ref(State),
  reason: textOrNull('Why, where the state alone does not say it'),
  package: textOrNull('Package of a configuration with several'),
  identifier: textOrNull('Identifier of the job in the configuration'),
  run_id: wholeOrNull('Id of the run (merged_run_id)'),
}

export const ids = (description: string) => Type.Array(Type.Integer(), { description })
export const runIds = { run_ids: ids('Pipelines it belongs to') }
export const submitted = { submitted_time: epochOrNull() }

/** Keys of a project that are left out when it is not known. */
export const optionalProject = {
  project_url: Type.Optional(textOrNull()),
  repo_namespace: Type.Optional(textOrNull()),
  repo_name: Type.Optional(textOrNull()),
}
export const triggerOfList = { pr_id: wholeOrNull(), branch_name: textOrNull(), release: textOrNull() }
