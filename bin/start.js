// Runs the built command line where there is one, else (in a clone) the sources by type stripping.
import { existsSync } from 'node:fs'
import { enableCompileCache, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

const built = new URL('../dist/cli/main.js', import.meta.url)
const source = new URL('../src/cli/main.ts', import.meta.url)
const asksForSource = process.execArgv.some((argument) => /^(--conditions|-C)=pawl-source$/.test(argument))

if (existsSync(built) && !asksForSource) {
  await import(built.href)
} else {
  // `import 'pawl'` in a user's pawl.config.ts must mean the same modules as the ones that run here.
  if (!asksForSource) {
    registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, { ...context, conditions: ['pawl-source', ...context.conditions] }),
    })
  }
  // Stripping types again for every command would take most of its time; where the folder cannot be written, it is done.
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/pawl', import.meta.url)))
  await import(source.href)
}
