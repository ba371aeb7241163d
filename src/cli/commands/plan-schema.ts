import { Argument, type Command } from 'commander'
import { type JsonObject, planSchema, planSchemaFor, templateSchema } from '../../core/index.ts'
import { agentOf, type GlobalOptions } from '../app.ts'
import type { Cli } from '../cli.ts'
import { usageError } from '../errors.ts'
import { examples } from '../help.ts'
import { loadConfig, noConfig } from '../load-config.ts'
import { typedIn } from '../typed-in.ts'

type What = 'plan' | 'template'
type Options = { readonly agent?: string }

/** What editors, and whoever generates plans, write them by. */
export function addPlanSchema(plan: Command, cli: Cli): void {
  plan
    .command('schema')
    .summary('print the JSON Schema of a plan, or of a template')
    .description(
      'Prints a JSON Schema (draft 2020-12). A plan or a template may name it as its "$schema": an editor then completes fields, and says what each is for.',
    )
    .addArgument(new Argument('[what]', 'of what').choices(['plan', 'template']).default('plan'))
    .option('--agent <name>', 'only with the tools, specialists and checkers that this agent has')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl plan schema > plan.schema.json',
        'pawl plan schema --agent researcher',
        'pawl plan schema template',
      ]),
    )
    .action(
      cli.bareAction<Options>(async ({ args: [what], options }) => {
        // Commander lets nothing else through.
        const schema = await schemaOf(what as What, options)
        cli.terminal.out(JSON.stringify(schema, null, options.json === true ? 0 : 2))
        return 'ok'
      }),
    )
}

async function schemaOf(what: What, options: Options & GlobalOptions): Promise<JsonObject> {
  const { agent: name, config } = options
  if (what === 'template') {
    if (name !== undefined)
      throw usageError('expected no --agent for the schema of a template; found one. Leave it out.')
    return templateSchema
  }
  if (name === undefined) return asFile(planSchema)
  const from = typedIn()
  const loaded = await loadConfig(config, from)
  if (loaded === null) throw noConfig(from)
  const { tools, specialists, planning } = agentOf({ agents: loaded.config.agents ?? [], loaded }, name)
  const checkers = planning?.checkers.keys() ?? []
  return asFile(planSchemaFor({ tools: tools.keys(), specialists: specialists.keys(), checkers }))
}

/** A file may say which schema it is written by. */
function asFile({ properties, ...schema }: JsonObject): JsonObject {
  const own = typeof properties === 'object' && !Array.isArray(properties) ? properties : {}
  return { ...schema, properties: { $schema: { type: 'string' }, ...own } }
}
