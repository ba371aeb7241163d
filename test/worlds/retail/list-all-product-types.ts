import { pythonJson } from './python-json.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'

/** Every product's id by its name, as a JSON object whose names are sorted. */
export const listAllProductTypes: RetailTool = retailTool({
  name: 'list_all_product_types',
  writes: false,
  fields: {},
  run: (db) => {
    const rows = Object.values(db.products).map(({ name, product_id }): [string, string] => [name, product_id])
    return pythonJson(Object.fromEntries(rows.sort(([left], [right]) => (left < right ? -1 : 1))))
  },
})
