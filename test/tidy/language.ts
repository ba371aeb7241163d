import { collect, lineOf, type Node, nodeAt, type Rule, textAt } from './source.ts'

type Banned = { readonly found: string; readonly mend: string }

const banned: { readonly [type: string]: Banned } = {
  TSAnyKeyword: { found: '`any`', mend: 'Use `unknown` at the border and parse it, or name the type.' },
  TSEnumDeclaration: { found: 'an enum', mend: 'Use a union of string literals.' },
  TSModuleDeclaration: { found: 'a namespace', mend: 'Use a module: one file, named exports.' },
  TSGlobalDeclaration: { found: 'a global declaration', mend: 'Export the name from a module.' },
  TSNonNullExpression: {
    found: 'a non-null assertion',
    mend: 'Check for undefined and say what happens then.',
  },
}
const definite: Banned = { found: 'a definite assignment (`!:`)', mend: 'Assign where it is declared.' }
const defaultExport: Banned = { found: 'a default export', mend: 'Export it by its name.' }

export const languageRule: Rule = {
  name: 'language',
  sentence: 'No file uses any, enum, namespace, default export or a non-null assertion',
  check: (file) => {
    const isConfig = file.path.endsWith('.config.ts')
    return collect(file, bannedAt)
      .filter(({ found }) => !(isConfig && found === defaultExport))
      .map(({ node, found }) => ({
        file: file.path,
        line: lineOf(file, node.start),
        rule: 'language',
        ...found,
      }))
  },
}

function bannedAt(node: Node): Banned | undefined {
  if (node['definite'] === true) return definite
  if (node.type === 'ExportDefaultDeclaration') return defaultExport
  if (node.type === 'ExportSpecifier' && textAt(nodeAt(node, 'exported'), 'name') === 'default') return defaultExport
  return Object.hasOwn(banned, node.type) ? banned[node.type] : undefined
}
