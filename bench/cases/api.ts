import type { Case } from '../measure.ts'
export const apiCase: Case = { name: 'api', title: 'api', method: '', run: async () => [] }
