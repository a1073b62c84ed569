// Makes drizzle-orm load in a third of the time. Imported before whatever imports it: by `main.ts`, and by `npm test`.
import { registerHooks } from 'node:module'

/**
 * Node 24 parses a package's whole list of exports anew for each of its files, only to find out that it is a module. The
 * list of drizzle-orm has 180 kB and it has 200 files: that took half a second of each start. Which file one of its own
 * relative imports means is plain, and of what kind it is, too.
 */
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context
    const isKnown = /\/node_modules\/drizzle-orm\/.*\.js$/.test(parentURL) && /^\..*\.js$/.test(specifier)
    // what is required, not imported, has another kind of file
    if (!isKnown || !context.conditions.includes('import')) return next(specifier, context)
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
  },
})
