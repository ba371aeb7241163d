/** Whether each task can be done by whom it names, with what it names. */
import type { Json } from '../json.ts'
import { checkReferences } from './check-references.ts'
import { didYouMean } from './near-names.ts'
import type { PlanTask } from './plan.ts'
import type { PlanCheck } from './plan-check.ts'
import type { InputProblem, PlanContext, PlanTool } from './plan-context.ts'
import { named, type ProblemList } from './problem-list.ts'
import { isInDoubt, markDoubt, referencePlaces } from './reference-places.ts'

export function checkWork({ plan, graph, context, problems }: PlanCheck): void {
  for (const task of plan.tasks) {
    checkReferences(task, graph, problems)
    // It was looked at when it came, and stays as it is, also where its agent has lost its tool since.
    if (context.pinned?.has(task.id) === true) continue
    checkSpecialist(task, context, problems)
    checkTools(task, context, problems)
    checkInput(task, context, problems)
    checkChecker(task, context, problems)
    checkSchema(task, context, problems)
  }
}

function checkSpecialist({ id, specialist }: PlanTask, { specialists }: PlanContext, problems: ProblemList): void {
  if (specialist === undefined || specialists.has(specialist)) return
  problems.add('unknown_specialist', [id], () => {
    const unknown = `"${id}" is for the specialist ${JSON.stringify(specialist)}, who does not exist.`
    return `${unknown}${didYouMean(specialist, specialists.keys())} ${choiceOf(specialists.keys(), 'specialist')}`
  })
}

function checkTools(task: PlanTask, context: PlanContext, problems: ProblemList): void {
  const { id, specialist, tool, tools = [] } = task
  const owner = specialist === undefined ? undefined : context.specialists.get(specialist)
  for (const name of new Set([...(tool === undefined ? [] : [tool]), ...tools])) {
    if (!context.tools.has(name))
      problems.add('unknown_tool', [id], () => {
        const unknown = `"${id}" names the tool ${JSON.stringify(name)}, which does not exist.`
        return `${unknown}${didYouMean(name, context.tools.keys())} ${choiceOf(context.tools.keys(), 'tool')}`
      })
    else if (owner !== undefined && !owner.tools.has(name))
      problems.add('tool_not_allowed', [id], () => {
        const refused = `"${id}" names the tool "${name}", which its specialist "${specialist}" does not have.`
        return `${refused} ${choiceOf(owner.tools, 'tool')} Or give the task to somebody who has it.`
      })
  }
}

const MAX_NAMES_SHOWN = 12

function choiceOf(names: Iterable<string>, what: string): string {
  const all = [...names]
  if (all.length === 0) return `There is no ${what}: leave it out.`
  return all.length > MAX_NAMES_SHOWN ? `Name one of the ${all.length} that there are.` : `Name ${orOf(all)}.`
}

function orOf(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(' or ')
}

function checkInput({ id, tool, input }: PlanTask, { tools }: PlanContext, problems: ProblemList): void {
  if (tool === undefined) {
    if (input === undefined) return
    problems.add('input_without_tool', [id], () => {
      return `"${id}" has an input and no tool to give it to. Name the tool, or say it in the description and leave the input out.`
    })
    return
  }
  const known = tools.get(tool)
  if (known === undefined) return
  const wrong = wrongIn(known, input ?? {})
  if (wrong.length === 0) return
  problems.add('invalid_input', [id], () => {
    const some = wrong.slice(0, MAX_ISSUES_SHOWN).map(sentenceOf)
    const more = wrong.length > MAX_ISSUES_SHOWN ? `; and ${wrong.length - MAX_ISSUES_SHOWN} more` : ''
    return `The input of "${id}" does not fit the tool "${tool}": ${some.join('; ')}${more}. Mend the input, or name another tool.`
  })
}

const MAX_ISSUES_SHOWN = 8

/**
 * What is wrong whatever the references come to. An issue at a reference, or under it, is about what stands there for now. Where
 * one lies above a reference, that may be its fault too, and everything below it with it: no branch of a union fits, and each branch
 * has its own complaints. The whole input is looked at again when the values are known.
 */
function wrongIn(tool: PlanTool, input: Json): readonly InputProblem[] {
  const issues = issuesOf(tool, input)
  if (issues.length === 0) return issues
  const references = referencePlaces(input)
  for (const { path, isUnknownField } of issues) if (isUnknownField !== true) markDoubt(references, path)
  return issues.filter((issue) => !isInDoubt(references, issue))
}

/** The check is the tool's own code. One that fails on what it did not expect has said nothing. */
function issuesOf(tool: PlanTool, input: Json): readonly InputProblem[] {
  try {
    return tool.checkInput(input)
  } catch {
    return []
  }
}

function sentenceOf({ path, message }: InputProblem): string {
  return path.length === 0 ? message : `${path.join('.')} ${message}`
}

function checkChecker({ id, accept }: PlanTask, { checkers }: PlanContext, problems: ProblemList): void {
  if (accept === undefined || !('checker' in accept) || checkers.has(accept.checker)) return
  problems.add('unknown_checker', [id], () => {
    const unknown = `"${id}" is accepted by the checker ${JSON.stringify(accept.checker)}, which does not exist.`
    const there = checkers.size === 0 ? 'There are none' : `There are ${named([...checkers])}`
    return `${unknown}${didYouMean(accept.checker, checkers)} ${there}; a schema, as {"schema": {…}}, is another way.`
  })
}

/** Found out when there is a result, the work would be done in vain. */
function checkSchema({ id, accept }: PlanTask, context: PlanContext, problems: ProblemList): void {
  const wrong = accept !== undefined && 'schema' in accept ? (context.checkSchema?.(accept.schema) ?? null) : null
  if (wrong === null) return
  problems.add('invalid_schema', [id], () => {
    return `The \`accept.schema\` of "${id}" is no JSON Schema: ${wrong}. Mend it, or leave it out.`
  })
}
