import type { Case } from '../measure.ts'
export const logsCase: Case = { name: 'logs', title: 'logs', method: '', run: async () => [] }
