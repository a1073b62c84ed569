import type { Case } from '../measure.ts'
export const floodCase: Case = { name: 'flood', title: 'flood', method: '', run: async () => [] }
