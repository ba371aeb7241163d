/** Ready-made tools, and schemas for tools whose description comes from elsewhere. */

export type { Draft } from '../schemas/ajv.ts'
export {
  InvalidJsonSchemaError,
  type JsonSchema,
  type JsonSchemaOptions,
  jsonSchema,
} from '../schemas/json-schema.ts'
export { type AskHumanOptions, askHuman } from './ask-human.ts'
export type { AskHumanInput } from './ask-human-input.ts'
