import Type from 'typebox'
import { epochOrNull, triggerKeys, whole } from './common.ts'
import { ids, runIds } from './job-keys.ts'

const group = { submitted_time: epochOrNull(), ...runIds }
const groupOf = <K extends string>(key: K, $id: string) =>
  Type.Object(
    { ...group, ...({ [key]: ids('Rows of the group') } as Record<K, ReturnType<typeof ids>>), ...triggerKeys },
    { $id, description: 'Jobs that were submitted together.' },
  )
export const BuildGroup = groupOf('build_target_ids', 'BuildGroup')
export const TagRequestGroup = groupOf('tag_request_target_ids', 'TagRequestGroup')
export const UpdateGroup = groupOf('update_target_ids', 'UpdateGroup')
export const TestGroup = groupOf('test_target_ids', 'TestGroup')
export const AnalysisGroup = Type.Object(
  { packit_id: whole(), ...group, log_detective_target_ids: ids('Rows of the group'), ...triggerKeys },
  { $id: 'AnalysisGroup', description: 'Analyses that were asked for together.' },
)
