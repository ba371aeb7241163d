/** What an open approval asks, by what it is about: a call, a question, a plan, or a task that has failed. */
import type { ApprovalRow } from '../../ports/index.ts'
import { marks } from '../style.ts'
import { oneLine, shortJson } from './text.ts'
import { counted } from './units.ts'

export type AskedAbout = {
  /** Behind the name: `wants to run open_refund_case`. */
  readonly title: string
  readonly lines: readonly string[]
  /** Said more quietly. */
  readonly asides: readonly string[]
  readonly commands: readonly string[]
}

/** `session`: as commands take it. */
export function askedAbout(row: ApprovalRow, session: string): AskedAbout {
  const body = fieldsOf(JSON.parse(row.body))
  const subject = fieldsOf(body.value('subject'))
  const name = `${session} ${row.approvalId}`
  if (subject.text('type') === 'plan') return ofPlan(body, subject, { name, session })
  if (subject.text('type') === 'task') return ofTask(body, { name, session })
  return body.text('kind') === 'question' ? ofQuestion(body, name) : ofCall(body, name)
}

/** `name`: session and approval, as commands take them. */
type Named = { readonly name: string; readonly session: string }

function ofPlan(body: Fields, subject: Fields, { name, session }: Named): AskedAbout {
  const plan = fieldsOf(body.value('plan'))
  const version = subject.number('version')
  const tasks = plan.number('taskCount')
  const warnings = subject.list('warnings').map((each) => {
    const warning = fieldsOf(each)
    return `${marks.warn} ${warning.text('code')}: ${oneLine(warning.text('message'))}`
  })
  const goal = oneLine(plan.text('goal') || body.text('message'))
  return {
    title: `wants plan ${version} looked at`,
    lines: [tasks === 0 ? goal : `${goal} · ${counted(tasks, 'task')}`, ...warnings],
    asides: [oneLine(body.text('reason'))],
    commands: [
      `pawl plan show ${session} ${version}`,
      `pawl approve ${name}`,
      `pawl reject ${name} --reason TEXT`,
      `pawl edit ${name} --input @FILE`,
    ],
  }
}

function ofTask(body: Fields, { name, session }: Named): AskedAbout {
  const task = fieldsOf(body.value('task'))
  const taskId = oneLine(fieldsOf(body.value('subject')).text('taskId'))
  const input = body.text('tool') === '' ? '' : `${oneLine(body.text('tool'))} ${shortJson(body.value('input'))}`
  const failed = `${oneLine(task.text('name')) || taskId} has failed: ${task.text('failure')}: ${oneLine(task.text('message'))}`
  return {
    title: `asks what follows on ${taskId}`,
    lines: [task.text('failure') === '' ? oneLine(body.text('message')) : failed],
    asides: [input, numbered(optionsOf(body))].filter((text) => text !== ''),
    commands: [
      `pawl answer ${name} ${optionsOf(body)[0] ?? 'TEXT'}`,
      `pawl answer ${name} "retry: HINT"`,
      ...(input === '' ? [] : [`pawl edit ${name} --input JSON`]),
      `pawl plan show ${session}`,
    ],
  }
}

function ofQuestion(body: Fields, name: string): AskedAbout {
  const options = optionsOf(body)
  return {
    title: 'asks a question',
    lines: [body.text('message')],
    asides: options.length === 0 ? [] : [numbered(options)],
    commands: [`pawl answer ${name} TEXT`],
  }
}

function ofCall(body: Fields, name: string): AskedAbout {
  const why = [body.text('reason'), body.text('message')].filter((text) => text !== '').join(': ')
  const task = body.text('taskId') === '' ? '' : ` for ${body.text('taskId')}`
  return {
    title: `wants to run ${body.text('tool')}${task}`,
    lines: [shortJson(body.value('input'))],
    asides: [oneLine(why)],
    commands: [`pawl approve ${name}`, `pawl reject ${name} --reason TEXT`],
  }
}

function optionsOf(body: Fields): readonly string[] {
  return fieldsOf(body.value('question')).list('options').map(String)
}

/** `1 retry  2 skip`. */
function numbered(options: readonly string[]): string {
  return options.map((option, index) => `${index + 1} ${oneLine(option)}`).join('  ')
}

export type Fields = {
  readonly value: (name: string) => unknown
  readonly text: (name: string) => string
  readonly number: (name: string) => number
  readonly list: (name: string) => readonly unknown[]
}

/** A row's body is our own canonical JSON; what an older version did not write reads as nothing. */
export function fieldsOf(given: unknown): Fields {
  const fields = new Map<string, unknown>(typeof given === 'object' && given !== null ? Object.entries(given) : [])
  return {
    value: (name) => fields.get(name),
    text: (name) => {
      const value = fields.get(name)
      return typeof value === 'string' ? value : ''
    },
    number: (name) => Number(fields.get(name) ?? 0),
    list: (name) => {
      const value = fields.get(name)
      return Array.isArray(value) ? value : []
    },
  }
}
