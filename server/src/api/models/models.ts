import { accessModels } from './access.ts'
import { buildModels } from './builds.ts'
import { commonModels } from './common.ts'
import { jobModels } from './jobs.ts'
import { projectModels } from './projects.ts'
import { runModels } from './runs.ts'
import { searchModels } from './search.ts'
import { serviceModels } from './service.ts'
import { usageModels } from './usage.ts'
import { writeModels } from './writes.ts'

/** Every named model of the contract. */
export const models = [
  ...commonModels,
  ...projectModels,
  ...buildModels,
  ...jobModels,
  ...accessModels,
  ...runModels,
  ...searchModels,
  ...serviceModels,
  ...writeModels,
  ...usageModels,
]
