import { arithmetic } from './arithmetic.ts'
import { pythonFloat } from './python-json.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'
import { roundCents } from './round-cents.ts'

/** The result of an arithmetic expression, rounded to two decimals because this world counts dollars: "4.0". */
export const calculate: RetailTool = retailTool({
  name: 'calculate',
  writes: false,
  fields: { expression: 'text' },
  run: (_db, { expression }) => {
    const result = arithmetic(expression)
    return result.type === 'number' ? pythonFloat(roundCents(result.value)) : `Error: ${result.problem}`
  },
})
