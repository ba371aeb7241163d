import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSource, type SourceFile } from './source.ts'

const folders = ['src', 'test', 'examples', 'bench', 'console/src']

/** Every TypeScript file of the repository; a folder that does not exist (yet) holds none. */
export function readSources(root: string): readonly SourceFile[] {
  const nested = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root, exclude: ['**/node_modules/**'] }))
  return [...nested, ...globSync('*.ts', { cwd: root })]
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}
