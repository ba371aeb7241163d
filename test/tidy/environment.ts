import { importsOf } from './floors.ts'
import { collect, isTest, lineOf, type Node, nodeAt, type Rule, type SourceFile, textAt } from './source.ts'

export const environmentRule: Rule = {
  name: 'environment',
  sentence: 'Only src/cli/ reads process.env',
  check: (file) => {
    if (!file.path.startsWith('src/') || file.path.startsWith('src/cli/') || isTest(file.path)) return []
    return [...readsOf(file), ...importsOfProcess(file)].map((node) => ({
      file: file.path,
      line: lineOf(file, node.start),
      rule: 'environment',
      found: `\`${file.text.slice(node.start, node.end).split('\n')[0]}\``,
      mend: 'Take the value as an option and let src/cli/ read the environment.',
    }))
  },
}

function readsOf(file: SourceFile): readonly Node[] {
  return collect(file, (node) => (readsMember(node) || destructures(node) ? true : undefined)).map(({ node }) => node)
}

/** The module form of `process` would go round the rule. */
function importsOfProcess(file: SourceFile): readonly Node[] {
  return importsOf(file)
    .filter(({ found }) => /^(node:)?process$/.test(found.specifier))
    .map(({ node }) => node)
}

function readsMember(node: Node): boolean {
  const property = nodeAt(node, 'property')
  const named = textAt(property, 'name') ?? textAt(property, 'value')
  return node.type === 'MemberExpression' && named === 'env' && isProcess(nodeAt(node, 'object'))
}

/** `const { env } = process`, and `const p = process`, which hides what is read. */
function destructures(node: Node): boolean {
  return node.type === 'VariableDeclarator' && isProcess(nodeAt(node, 'init'))
}

function isProcess(node: Node | undefined): boolean {
  if (!node) return false
  if (textAt(node, 'name') === 'process') return true
  return node.type === 'MemberExpression' && textAt(nodeAt(node, 'property'), 'name') === 'process'
}
