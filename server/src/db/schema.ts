/** All tables. What each is for stands with it; ids of tables that pages and clients know survive an import. */
export * from './schema/builds.ts'
export * from './schema/downstream.ts'
export * from './schema/forges.ts'
export * from './schema/processes.ts'
export * from './schema/projects.ts'
export * from './schema/service.ts'
export * from './schema/tests.ts'
