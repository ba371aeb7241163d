/**
 * What the border's rules say of a text, worked out in another way than the border does: by `JSON.parse`, a tokenizer of one
 * regular expression, and whole numbers of any size. Slow, and only right for texts of test size.
 */
export type Limits = { readonly maxDepth: number; readonly maxBytes: number }
/** The rule that a text breaks. */
export type Rule = 'too large' | 'no JSON' | 'too deep' | 'forbidden key' | 'key twice' | 'inexact number'
export type Verdict =
  | { readonly type: 'refused'; readonly rule: Rule }
  /** `isClean`: no text in it had to be repaired. */
  | { readonly type: 'ok'; readonly value: unknown; readonly isClean: boolean }

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

export function referenceOf(text: string, limits: Limits): Verdict {
  if (Buffer.byteLength(text) > limits.maxBytes) return { type: 'refused', rule: 'too large' }
  const parsed = tryParse(text)
  if (parsed === undefined) return { type: 'refused', rule: 'no JSON' }
  const rule = brokenRule(text, limits.maxDepth)
  if (rule !== null) return { type: 'refused', rule }
  const repaired = repairedOf(parsed)
  return { type: 'ok', value: repaired, isClean: JSON.stringify(repaired) === JSON.stringify(parsed) }
}

/** Undefined where it is no JSON: no JSON text means undefined. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Only for texts that `JSON.parse` takes. */
function brokenRule(text: string, maxDepth: number): Rule | null {
  const open: (Set<string> | null)[] = []
  const tokens = text.match(token) ?? []
  for (const [index, each] of tokens.entries()) {
    if (each === '{') open.push(new Set())
    else if (each === '[') open.push(null)
    else if (each === '}' || each === ']') open.pop()
    else if (/^[-0-9]/.test(each) && !isExact(each)) return 'inexact number'
    const rule = each.startsWith('"') && tokens[index + 1] === ':' ? keyRule(open.at(-1), each) : null
    if (rule !== null) return rule
    if (open.length > maxDepth) return 'too deep'
  }
  return null
}

function keyRule(keys: Set<string> | null | undefined, written: string): Rule | null {
  const key = repairedText(JSON.parse(written))
  if (forbidden.has(key)) return 'forbidden key'
  if (keys?.has(key) !== false) return 'key twice'
  keys.add(key)
  return null
}

/** Whole numbers up to 2^53 - 1, fractions, and from 1e21 on what is written with an exponent. */
function isExact(written: string): boolean {
  const value = Number(written)
  if (!Number.isFinite(value)) return false
  if (/^-?\d+$/.test(written)) return BigInt(written) === BigInt(value) && Number.isSafeInteger(value)
  return !Number.isInteger(value) || Math.abs(value) <= Number.MAX_SAFE_INTEGER || Math.abs(value) >= 1e21
}

function repairedOf(value: unknown): unknown {
  if (typeof value === 'string') return repairedText(value)
  if (Array.isArray(value)) return value.map(repairedOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [repairedText(key), repairedOf(member)]))
}

function repairedText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\ufffd')
}
