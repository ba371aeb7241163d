import { defineConfig, type ViteUserConfig } from 'vitest/config'

// `source` makes `import 'pawl'` inside tests and examples mean src/, as `node --conditions=source` does.
const conditions = ['pawl-source', 'node', 'import', 'module', 'default']

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['pawl-source'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '.tmp/**'],
    // The default leaves a core to nobody: on two it would run one file at a time.
    maxWorkers: '100%',
    pool: 'forks', // as fast as threads on 2 cores, and a test may change its folder or die alone
    coverage: { include: ['src/**/*.ts'], exclude: ['src/**/*.test.ts'] },
  },
})

export default config
