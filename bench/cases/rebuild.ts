import type { Case } from '../measure.ts'
export const rebuildCase: Case = { name: 'rebuild', title: 'rebuild', method: '', run: async () => [] }
