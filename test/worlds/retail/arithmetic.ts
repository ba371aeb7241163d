/** What an expression comes to, or what is wrong with it. */
export type Arithmetic =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'invalid'; readonly problem: string }

/** Longest expression that is read, in characters; it bounds the depth of nesting too. */
export const maxExpressionLength = 1000

/**
 * Computes an expression of decimal numbers, + - * /, signs, parentheses and spaces, with the usual precedence, in
 * doubles. It reads one token at a time from the left and never evaluates code.
 */
export function arithmetic(expression: string): Arithmetic {
  if (expression.length > maxExpressionLength)
    return invalid(`expression longer than ${maxExpressionLength} characters`)
  if (/[^0-9+\-*/(). ]/.test(expression)) return invalid('invalid characters in expression')
  const reader: Reader = { tokens: expression.match(/\d+\.?\d*|\.\d+|\S/g) ?? [], next: 0 }
  const value = sum(reader)
  if (value === undefined || reader.next < reader.tokens.length) return invalid('invalid expression')
  return Number.isFinite(value) ? { type: 'number', value } : invalid('division by zero or result too large')
}

/** The tokens and how many are read. A parser below gives `undefined` where the next tokens are not what it reads. */
type Reader = { readonly tokens: readonly string[]; next: number }

function sum(reader: Reader): number | undefined {
  let total = product(reader)
  for (let sign = taken(reader, '+-'); sign !== undefined && total !== undefined; sign = taken(reader, '+-')) {
    const term = product(reader)
    total = term === undefined ? undefined : total + (sign === '+' ? term : -term)
  }
  return total
}

function product(reader: Reader): number | undefined {
  let total = signed(reader)
  for (
    let operator = taken(reader, '*/');
    operator !== undefined && total !== undefined;
    operator = taken(reader, '*/')
  ) {
    const factor = signed(reader)
    total = factor === undefined ? undefined : operator === '*' ? total * factor : total / factor
  }
  return total
}

function signed(reader: Reader): number | undefined {
  const sign = taken(reader, '+-')
  if (sign === undefined) return operand(reader)
  const value = signed(reader)
  return value === undefined || sign === '+' ? value : -value
}

function operand(reader: Reader): number | undefined {
  if (taken(reader, '(') !== undefined) {
    const value = sum(reader)
    return taken(reader, ')') === undefined ? undefined : value
  }
  const token = reader.tokens[reader.next] ?? ''
  if (!/\d/.test(token)) return undefined
  reader.next += 1
  return Number(token)
}

/** Reads the next token where it is one of these characters. */
function taken(reader: Reader, characters: string): string | undefined {
  const token = reader.tokens[reader.next]
  if (token === undefined || !characters.includes(token)) return undefined
  reader.next += 1
  return token
}

function invalid(problem: string): Arithmetic {
  return { type: 'invalid', problem }
}
