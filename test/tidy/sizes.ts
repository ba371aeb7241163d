import { collect, isTest, lineOf, type Node, type Rule, type SourceFile } from './source.ts'

const maxFileLines = 250
const maxFunctionLines = 50
const maxParameters = 3

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])
const signatureTypes = new Set([
  'TSMethodSignature',
  'TSFunctionType',
  'TSCallSignatureDeclaration',
  'TSDeclareFunction',
])

export const fileSizeRule: Rule = {
  name: 'file-size',
  sentence: `A file of src/ has at most ${maxFileLines} lines`,
  check: (file) => {
    const lines = file.text.trimEnd().split('\n').length
    if (!isMeasured(file) || lines <= maxFileLines) return []
    const mend = `Split it at ${maxFileLines} lines or before: one idea per file, named after the idea.`
    return [{ file: file.path, line: lines, rule: 'file-size', found: `${lines} lines`, mend }]
  },
}

export const functionSizeRule: Rule = {
  name: 'function-size',
  sentence: `A function of src/ has at most ${maxFunctionLines} lines, what is nested in it included`,
  check: (file) => {
    if (!isMeasured(file)) return []
    const long = collect(file, (node) => {
      const lines = functionTypes.has(node.type) ? linesOf(file, node) : 0
      return lines > maxFunctionLines ? lines : undefined
    })
    const mend = `Split it at ${maxFunctionLines} lines or before: keep the decisions, move the steps into named functions.`
    return long.map(({ node, found }) => ({
      file: file.path,
      line: lineOf(file, node.start),
      rule: 'function-size',
      found: `a function of ${found} lines`,
      mend,
    }))
  },
}

export const parametersRule: Rule = {
  name: 'parameters',
  sentence: `A function of src/ takes at most ${maxParameters} parameters`,
  check: (file) => {
    if (!isMeasured(file)) return []
    const wide = collect(file, (node) => {
      const count = parametersOf(node).length
      return count > maxParameters ? count : undefined
    })
    const mend = `Keep at most ${maxParameters} parameters: gather the others into one options object.`
    return wide.map(({ node, found }) => ({
      file: file.path,
      line: lineOf(file, node.start),
      rule: 'parameters',
      found: `${found} parameters`,
      mend,
    }))
  },
}

function isMeasured(file: SourceFile): boolean {
  return file.path.startsWith('src/') && !isTest(file.path)
}

function linesOf(file: SourceFile, node: Node): number {
  return lineOf(file, node.end) - lineOf(file, node.start) + 1
}

function parametersOf(node: Node): readonly Node[] {
  if (!functionTypes.has(node.type) && !signatureTypes.has(node.type)) return []
  const parameters = node['params']
  // `params` of these nodes is a list of nodes; a `this` parameter is a type, not an argument.
  return (Array.isArray(parameters) ? parameters : []).filter((one: Node) => one['name'] !== 'this')
}
