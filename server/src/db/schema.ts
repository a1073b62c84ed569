/** All tables. What each is for stands with it; ids of tables that pages and clients know survive an import. */
export * from './schema/builds.ts'
export * from './schema/later.ts'
export * from './schema/projects.ts'
export * from './schema/service.ts'
