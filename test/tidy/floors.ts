import { posix } from 'node:path'
import { collect, isTest, lineOf, type Node, nodeAt, type Rule, type SourceFile, textAt } from './source.ts'

type Packages = 'none' | 'types' | 'all'
type Floor = {
  readonly folders: readonly string[]
  /** Folders of which only types may be imported. */
  readonly typesOf?: readonly string[]
  readonly packages: Packages
}

const adapters = ['tools', 'policies', 'models', 'stores', 'engines']
const adapter: Floor = { folders: ['core', 'ports', 'schemas'], packages: 'all' }
const belowTesting = ['core', 'ports', 'schemas', 'search', 'runtime', ...adapters]

/** What each folder of src/ may import besides itself; `index` stands for the files directly in src/. */
const floors: { readonly [folder: string]: Floor } = {
  core: { folders: [], packages: 'none' },
  ports: { folders: [], typesOf: ['core'], packages: 'types' },
  schemas: { folders: ['core', 'ports'], packages: 'all' },
  search: { folders: ['core', 'ports'], packages: 'all' },
  runtime: { folders: ['core', 'ports', 'schemas', 'search'], packages: 'all' },
  ...Object.fromEntries(adapters.map((folder) => [folder, adapter])),
  client: { folders: ['core'], packages: 'all' },
  server: { folders: ['core', 'ports', 'schemas', 'runtime'], packages: 'all' },
  testing: { folders: belowTesting, packages: 'all' },
  index: { folders: belowTesting, packages: 'all' },
  cli: { folders: ['index', ...belowTesting, 'testing', 'server', 'client'], packages: 'all' },
}

export const floorsRule: Rule = {
  name: 'floors',
  sentence: 'A folder of src/ imports lower floors only, and folders of one floor never import each other',
  check: (file) => {
    if (!file.path.startsWith('src/') || isTest(file.path)) return []
    return importsOf(file).flatMap(({ node, found }) => {
      const mend = whyForbidden(file.path, found)
      if (mend === undefined) return []
      const what = `the import of '${found.specifier}'`
      return [{ file: file.path, line: lineOf(file, node.start), rule: 'floors', found: what, mend }]
    })
  },
}

type Import = { readonly specifier: string; readonly typeOnly: boolean }

/** Every module that a file names: import, re-export, `import()` and the type `import('x')`. */
export function importsOf(file: SourceFile): readonly { readonly node: Node; readonly found: Import }[] {
  return collect(file, (node) => {
    const specifier = textAt(nodeAt(node, 'source'), 'value')
    return specifier === undefined ? undefined : { specifier, typeOnly: isTypeOnly(node) }
  })
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType') return true
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = node['specifiers']
  if (!Array.isArray(specifiers) || specifiers.length === 0) return false
  return specifiers.every((one: Node) => one['importKind'] === 'type' || one['exportKind'] === 'type')
}

function whyForbidden(path: string, { specifier, typeOnly }: Import): string | undefined {
  const from = folderOf(path)
  const floor = floors[from]
  if (!floor) return `src/${from}/ is on no floor: give it one in test/tidy/floors.ts.`
  if (/^pawl(\/|$)/.test(specifier)) return 'Inside src/ import the file by its relative path.'
  if (!specifier.startsWith('.')) return whyPackageForbidden(from, floor.packages, typeOnly)
  const to = folderOf(posix.join(posix.dirname(path), specifier))
  if (to === from || floor.folders.includes(to)) return undefined
  if (floor.typesOf?.includes(to))
    return typeOnly ? undefined : `src/${from}/ may import only types of src/${to}/: write \`import type\`.`
  const allowed = [...floor.folders, ...(floor.typesOf ?? [])].map((folder) => `src/${folder}/`).join(', ')
  return `src/${from}/ may import ${allowed || 'nothing'} besides itself: pass the thing in as an argument, or move it down a floor.`
}

function whyPackageForbidden(from: string, packages: Packages, typeOnly: boolean): string | undefined {
  if (packages === 'all' || (packages === 'types' && typeOnly)) return undefined
  const allowed = packages === 'types' ? 'only types of packages' : 'no package and no module of Node'
  return `src/${from}/ may import ${allowed}: take what is needed as an argument or through a port.`
}

/** `core` for src/core/x.ts, `index` for src/x.ts, and the path itself for what lies outside src/. */
function folderOf(path: string): string {
  const [root, folder, rest] = path.split('/')
  if (root !== 'src' || folder === undefined) return path
  return rest === undefined ? 'index' : folder
}
