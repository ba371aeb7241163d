/** Fields that hold a Python float: written with a fraction even where it is zero ("1783.0"). */
const floatFields: ReadonlySet<string> = new Set(['amount', 'price', 'exchange_price_difference'])

/**
 * The text that Python's `json.dumps` gives for a value of this world: ", " and ": " between the parts, ASCII only,
 * floats as `repr` writes them. JavaScript does not keep 1 and 1.0 apart, so the field's name decides; a gift card's
 * `balance` is written as an integer where it has no cents, which is right until its first change.
 */
export function pythonJson(value: unknown): string {
  return textOf(value, false)
}

/** A number as Python's `repr` writes a float: "4.0", "1e-05", "1e+16". Throws a RangeError for NaN and infinities. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, found ${value}`)
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-4 && size < 1e16)) return Number.isInteger(value) ? `${value}.0` : `${value}`
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

function textOf(value: unknown, isFloat: boolean): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return isFloat || !Number.isSafeInteger(value) ? pythonFloat(value) : `${value}`
  if (typeof value === 'string') return asciiText(value)
  if (Array.isArray(value)) return `[${value.map((element) => textOf(element, isFloat)).join(', ')}]`
  if (typeof value === 'object') return objectText(value)
  throw new TypeError(`expected a JSON value, found ${typeof value}`)
}

function objectText(value: object): string {
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => `${asciiText(name)}: ${textOf(part, floatFields.has(name))}`)
  return `{${parts.join(', ')}}`
}

function asciiText(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
