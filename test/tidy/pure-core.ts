import { collect, isTest, lineOf, type Node, nodeAt, type Rule, textAt } from './source.ts'

const impureNames = new Set([
  'Date',
  'performance',
  'process',
  'globalThis',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'crypto',
  'Promise',
])

export const pureCoreRule: Rule = {
  name: 'pure-core',
  sentence: 'src/core/ touches no clock, randomness, I/O or async',
  check: (file) => {
    if (!file.path.startsWith('src/core/') || isTest(file.path)) return []
    return collect(file, impurityOf).map(({ node, found }) => ({
      file: file.path,
      line: lineOf(file, node.start),
      rule: 'pure-core',
      found,
      mend: 'Take what is needed as an argument (such as `now`), or return an Action and let the runtime act.',
    }))
  },
}

function impurityOf(node: Node, parent: Node | undefined): string | undefined {
  if (node['async'] === true) return 'an async function'
  if (node.type === 'AwaitExpression' || node['await'] === true) return '`await`'
  if (node.type === 'ImportExpression') return '`import()`'
  if (node.type === 'MemberExpression' && isMathRandom(node)) return '`Math.random`'
  const name = textAt(node, 'name')
  if (node.type !== 'Identifier' || name === undefined || !impureNames.has(name)) return undefined
  return isOnlyAKey(node, parent) ? undefined : `\`${name}\``
}

function isMathRandom(node: Node): boolean {
  const property = nodeAt(node, 'property')
  const named = textAt(property, 'name') ?? textAt(property, 'value')
  return textAt(nodeAt(node, 'object'), 'name') === 'Math' && named === 'random'
}

/** `run.process`, `{ process: 1 }` and `{ process: string }` name a field, not the global. */
function isOnlyAKey(node: Node, parent: Node | undefined): boolean {
  if (!parent || parent['computed'] === true || parent['shorthand'] === true) return false
  return parent['property'] === node || parent['key'] === node
}
