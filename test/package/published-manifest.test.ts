import { expect, test } from 'vitest'
import { publishedManifest } from './published-manifest.ts'

test('the published manifest keeps the exports but for the sources, and nothing of the clone', () => {
  const root = {
    name: 'pawl',
    private: true,
    scripts: { test: 'x' },
    devDependencies: { a: '1.0.0' },
    optionalDependencies: { b: '1.0.0' },
    exports: { '.': { 'pawl-source': './src/a.ts', types: './dist/a.d.ts', import: './dist/a.js' }, './p': './p' },
  }
  expect(publishedManifest(JSON.stringify(root))).toEqual({
    name: 'pawl',
    exports: { '.': { types: './dist/a.d.ts', import: './dist/a.js' }, './p': './p' },
  })
})
