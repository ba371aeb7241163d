/** What a turn without tools is told that makes a patch of a result. */
import { previewOf } from '../border-text.ts'
import type { Json } from '../json.ts'
import { quoteText } from '../mark-external.ts'
import { cutTo, jsonText, onOneLine } from '../plan/plan-text.ts'
import type { Fact, Question } from './fact.ts'
import { goalSection, type MemoryPrompt, QUOTED_LINES, section } from './memory-prompt.ts'
import type { FactLimits } from './memory-terms.ts'
import { MAX_PATCH_ITEMS } from './patch-schema.ts'
import { factLines, questionLines, type ToolOf } from './render-memory.ts'

export type ProcessRequest = {
  /** What the session is about. */
  readonly goal: string
  /** The agent's own words for it; empty: none. They are trusted, and stand among ours. */
  readonly instructions: string
  readonly facts: ReadonlyMap<string, Fact>
  readonly questions: ReadonlyMap<string, Question>
  readonly limits: Pick<FactLimits, 'maxFactCharacters'>
  readonly toolOf: ToolOf
  readonly tool: string
  readonly input: Json
  readonly output: Json
  /** Of the output as it is shown. */
  readonly maxCharacters: number
  /** The plan in force, as `renderPlan` writes it; absent: none can be replaced. */
  readonly plan?: string
}

const INPUT_CHARACTERS = 1_000
const TOOL_CHARACTERS = 64

/** All that is shown may stand in the answer: a patch made of it is as little to be trusted as the worst of output, facts and questions. */
export function processPrompt(request: ProcessRequest): MemoryPrompt {
  const { goal, instructions, tool, input, plan } = request
  const facts = factLines(request.facts.values(), request.toolOf)
  const questions = questionLines(request.questions, request.toolOf)
  const call = `${onOneLine(tool, TOOL_CHARACTERS)} ${cutTo(jsonText(input), INPUT_CHARACTERS)}`
  return {
    instructions: [
      rules(request),
      ...(instructions.trim() === '' ? [] : [`For this agent in particular:\n${instructions.trim()}`]),
      QUOTED_LINES,
    ].join('\n\n'),
    text: [
      goalSection(goal),
      ...(plan === undefined ? [] : [section('PLAN IN FORCE', [plan])]),
      ...(facts.length === 0 ? [] : [section('FACTS', facts)]),
      ...(questions.length === 0 ? [] : [section('QUESTIONS', questions)]),
      section('CALL', [call]),
      `[RESULT]\n${outputText(request)}`,
    ].join('\n\n'),
  }
}

/** A text line by line, as it was written; anything else as JSON. */
function outputText({ output, maxCharacters }: ProcessRequest): string {
  const text = typeof output === 'string' ? output : JSON.stringify(output)
  // Quoting makes it longer, by its lines.
  const quoted = quoteText(previewOf(text, maxCharacters))
  if (text.length <= maxCharacters && quoted.length <= maxCharacters) return quoted
  return `${previewOf(quoted, maxCharacters)}…\n(cut: the whole result has ${text.length} characters)`
}

function rules({ plan, limits: { maxFactCharacters } }: ProcessRequest): string {
  return [
    'You read the result of a call and note what an agent has to know of it. The agent sees your notes and never the result, so what you leave out is lost to it. You call nothing, and do not work on the goal yourself.',
    '',
    'Answer with one JSON object. Leave out what does not change; {} says that nothing does.',
    `- "append_known_facts": what is known now, at most ${MAX_PATCH_ITEMS}, each {"key", "value", "kind", "priority", "confidence"}. "key": a short name (letters, digits, "_", "-", "."); the key of a fact under [FACTS] replaces it. "value": JSON of at most ${maxFactCharacters} characters; ids, amounts, names and dates verbatim. "kind": "fact", "decision" or "constraint". "priority": 0 to 100. "confidence": 0 to 1.`,
    '- "answer_questions": questions under [QUESTIONS] that are open and that the result answers, each {"questionId", "answer"}.',
    '- "open_questions": what the result leaves open and the goal needs, each a text.',
    ...(plan === undefined ? [] : [REPLACE]),
  ].join('\n')
}

const REPLACE =
  '- "replace_plan": a new plan, and only where the result shows that the one under [PLAN IN FORCE] no longer leads to the goal. Tasks that are completed or under way stand in it unchanged.'
