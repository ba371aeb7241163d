/** What the fields of a task have to be. `planSchema` says the same to others; a property test holds the two together. */
import type { Json } from '../json.ts'
import type { PlanTask, TaskCap } from './plan.ts'
import {
  anything,
  type Field,
  flag,
  listOfTexts,
  nested,
  oneOf,
  text,
  textOrNothing,
  wholeNumber,
} from './plan-fields.ts'
import { isReference } from './references.ts'
import { isJsonObject } from './same-json.ts'

const capFields: Readonly<Record<keyof TaskCap, Field>> = {
  turns: { problem: wholeNumber(1) },
  tokens: { problem: wholeNumber(1) },
  costMicroUsd: { problem: wholeNumber(1) },
}

export const taskFields: Readonly<Record<keyof PlanTask, Field>> = {
  // What an id may look like has a code of its own.
  id: { isRequired: true, problem: textOrNothing },
  name: { problem: text },
  description: { problem: textOrNothing },
  dependsOn: { problem: listOfTexts },
  needs: { problem: oneOf('completed', 'settled') },
  parent: { problem: textOrNothing },
  specialist: { problem: textOrNothing },
  tools: { problem: listOfTexts },
  tool: { problem: textOrNothing },
  input: { problem: anything },
  cap: { problem: nested(capFields) },
  timeoutMs: { problem: wholeNumber(1) },
  expectedMs: { problem: wholeNumber(0) },
  accept: { problem: accept },
  exclusive: { problem: flag },
  optional: { problem: flag },
  forEach: { problem: (value) => (isReference(value) ? null : 'a reference { "$from": …, "path"?: … }') },
}

/** What the schema may look like has a code of its own. */
function accept(value: Json): string | null {
  const isOne = isJsonObject(value) && Object.keys(value).length === 1
  if (isOne && (Object.hasOwn(value, 'schema') || typeof value['checker'] === 'string')) return null
  return 'either { "schema": … } or { "checker": … }'
}
