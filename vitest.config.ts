import { defineConfig, type ViteUserConfig } from 'vitest/config'

// `source` makes `import 'pawl'` inside tests and examples mean src/, as `node --conditions=source` does.
const conditions = ['pawl-source', 'node', 'import', 'module', 'default']

const exclude = ['**/node_modules/**', 'dist/**', '.tmp/**']

/** They replace modules, which others must not see. */
const mocking = ['src/stores/sqlite/make-folder.test.ts']

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['pawl-source'] } },
  test: {
    exclude,
    // A hang is one after 20 s, too. On a machine that others use, properties that take 1 s have taken 5.
    testTimeout: 20_000,
    projects: [
      // Units share what they import: a process for each file costs more than most of them take.
      {
        extends: true,
        test: { name: 'units', include: ['src/**/*.test.ts'], exclude: [...exclude, ...mocking], isolate: false },
      },
      { extends: true, test: { name: 'wholes', include: ['test/**/*.test.ts', 'examples/**/*.test.ts', ...mocking] } },
    ],
    // The default leaves a core to nobody: on two it would run one file at a time.
    maxWorkers: '100%',
    pool: 'forks', // as fast as threads on 2 cores, and a test may change its folder or die alone
    coverage: { include: ['src/**/*.ts'], exclude: ['src/**/*.test.ts'] },
  },
})

export default config
