import { accessModels } from './access.ts'
import { buildModels } from './builds.ts'
import { commonModels } from './common.ts'
import { compareModels } from './compare.ts'
import { jobModels } from './jobs.ts'
import { logModels } from './logs.ts'
import { projectViewModels } from './project-views.ts'
import { projectModels } from './projects.ts'
import { runModels } from './runs.ts'
import { searchModels } from './search.ts'
import { serviceModels } from './service.ts'
import { sessionModels } from './session.ts'
import { usageModels } from './usage.ts'
import { writeModels } from './writes.ts'

/** Every named model of the contract. */
export const models = [
  ...commonModels,
  ...projectModels,
  ...projectViewModels,
  ...buildModels,
  ...jobModels,
  ...accessModels,
  ...runModels,
  ...compareModels,
  ...searchModels,
  ...logModels,
  ...serviceModels,
  ...writeModels,
  ...sessionModels,
  ...usageModels,
]
