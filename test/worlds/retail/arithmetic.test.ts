import { assert, constantFrom, integer, letrec, oneof, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { arithmetic, maxExpressionLength } from './arithmetic.ts'

test.each([
  ['2 + 2', 4],
  ['2 + 3 * 4', 14],
  ['(2 + 3) * 4', 20],
  ['10 - 4 - 3', 3],
  ['16 / 4 / 2', 2],
  ['-3 * -(2 + 1)', 9],
  ['2 - -3', 5],
  ['+.5 + 1.', 1.5],
  ['150.58-137.22', 150.58 - 137.22],
])('%s is %d', (expression, value) => {
  expect(arithmetic(expression)).toEqual({ type: 'number', value })
})

test.each([
  '',
  '(',
  '()',
  '1 +',
  '* 2',
  '1 2',
  '2 ** 3',
  '7 // 2',
  '(1',
  '1)',
  '1..2',
  '.',
  '1.2.3',
])('"%s" is an invalid expression', (expression) => {
  expect(arithmetic(expression)).toEqual({ type: 'invalid', problem: 'invalid expression' })
})

test.each([
  'process.exit()',
  '1e3',
  '0x10',
  '2 ^ 3',
  '1,000',
  '$5',
  '1\n+1',
])('"%s" has characters that no expression has', (expression) => {
  expect(arithmetic(expression)).toEqual({ type: 'invalid', problem: 'invalid characters in expression' })
})

test('a result that is no number is a problem, not Infinity', () => {
  const problem = 'division by zero or result too large'
  expect(arithmetic('1 / 0')).toEqual({ type: 'invalid', problem })
  expect(arithmetic('0 / (1 - 1)')).toEqual({ type: 'invalid', problem })
})

test('an expression is read up to its longest length, however deep, and no further', () => {
  const deepest = `${'('.repeat(maxExpressionLength / 2 - 1)}12${')'.repeat(maxExpressionLength / 2 - 1)}`
  expect(arithmetic(deepest)).toEqual({ type: 'number', value: 12 })
  expect(arithmetic(`${deepest} `)).toMatchObject({ type: 'invalid' })
})

type Tree = number | { readonly left: Tree; readonly operator: '+' | '-' | '*'; readonly right: Tree }

const { tree } = letrec<{ tree: Tree }>((tie) => ({
  tree: oneof(
    { maxDepth: 4 },
    integer({ min: 0, max: 99 }),
    record({ left: tie('tree'), operator: constantFrom('+', '-', '*'), right: tie('tree') }),
  ),
}))

test('any tree of operations comes to the same value as when computed directly', () => {
  assert(
    property(tree, (given) => {
      expect(arithmetic(written(given))).toEqual({ type: 'number', value: computed(given) })
    }),
    { seed: 1, numRuns: 500 },
  )
})

/** Writes parentheses only where precedence asks for them, so that precedence is tested. */
function written(tree: Tree): string {
  if (typeof tree === 'number') return String(tree)
  const { left, operator, right } = tree
  const isProduct = operator === '*'
  return `${within(left, isProduct && isSum(left))} ${operator} ${within(right, isProduct || isSum(right))}`
}

function within(tree: Tree, isGrouped: boolean): string {
  return isGrouped ? `(${written(tree)})` : written(tree)
}

function isSum(tree: Tree): boolean {
  return typeof tree !== 'number' && tree.operator !== '*'
}

function computed(tree: Tree): number {
  if (typeof tree === 'number') return tree
  const [left, right] = [computed(tree.left), computed(tree.right)]
  if (tree.operator === '*') return left * right
  return tree.operator === '+' ? left + right : left - right
}
