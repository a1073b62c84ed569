import type { Case } from '../measure.ts'
export const srpmCase: Case = { name: 'srpm', title: 'srpm', method: '', run: async () => [] }
