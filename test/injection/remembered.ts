import type { Schema } from 'pawl/ports'

type Sides = Readonly<Record<'input' | 'output', (options: unknown) => unknown>>

/** The schema, describing itself once for each question: a proof makes thousands of agents of the same tools. */
export function remembered<T>(schema: Schema<T>): Schema<T> {
  // Zod 4 describes itself; `describeSchema` refuses what does not.
  const standard = schema['~standard'] as (typeof schema)['~standard'] & { readonly jsonSchema: Sides }
  const answers = new Map<string, unknown>()
  const once = (side: keyof Sides) => (options: unknown) => {
    const question = JSON.stringify([side, options])
    if (!answers.has(question)) answers.set(question, standard.jsonSchema[side](options))
    return answers.get(question)
  }
  const jsonSchema: Sides = { input: once('input'), output: once('output') }
  const described = { ...standard, jsonSchema }
  return { '~standard': described }
}
