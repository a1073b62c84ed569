import { buildModels } from './builds.ts'
import { commonModels } from './common.ts'
import { projectModels } from './projects.ts'
import { runModels } from './runs.ts'
import { serviceModels } from './service.ts'
import { usageModels } from './usage.ts'

/** Every named model of the contract. */
export const models = [
  ...commonModels,
  ...projectModels,
  ...buildModels,
  ...runModels,
  ...serviceModels,
  ...usageModels,
]
