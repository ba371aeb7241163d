/** Coverage marks of memory: each event, with what was known before it. */
import type { EventOf, LogEvent } from '../../core/index.ts'
import { artifactTools } from './artifact-checks.ts'
import type { MarkName } from './coverage-marks.ts'
import { COMPRESSED } from './memory-record.ts'
import type { SessionRecord } from './record.ts'

type Mark = (name: MarkName) => void

export function markMemoryEvent({ event }: LogEvent, record: SessionRecord, mark: Mark): void {
  const { memory, asking } = record
  switch (event.type) {
    case 'call_finished':
      return markFinished(event, record, mark)
    case 'result_processed':
      return markProcessed(event, record, mark)
    case 'fact_noted':
      if (memory.facts.has(event.key)) mark('a fact took the place of another')
      return
    case 'facts_compressed':
      if (event.points !== undefined) mark('facts were compressed')
      else mark(event.problem === undefined ? 'facts were dropped' : 'facts were dropped since no points came')
      if (event.points !== undefined && memory.facts.has(COMPRESSED)) mark('facts of two compressions')
      return
    case 'history_compacted':
      return markCompacted(event, record, mark)
    case 'context_recalled':
      if (event.passages.length > 0) mark('what has left the prompt was recalled')
      return
    case 'question_opened':
      return mark('a question was opened by a patch')
    case 'question_answered':
      return mark('a question was answered by a patch')
    case 'plan_adopted':
      if (record.plan.proposed?.cause.type === 'patch') mark('a patch replaced the plan')
      return
    case 'model_lost':
      if (asking.get(event.taskId)?.about !== undefined) mark('a request of memory was lost')
      return
    case 'model_failed':
      if (asking.get(event.taskId)?.about !== undefined) mark('a request of memory failed')
      return
    case 'task_started':
      if (event.input !== undefined) mark('an input was read from an artifact')
      if (event.items !== undefined) mark('elements were read from an artifact')
      return
    case 'task_failed':
      if (event.message.includes('its artifact is gone')) mark('what an input refers to was gone')
  }
}

function markFinished(event: EventOf<'call_finished'>, { calls }: SessionRecord, mark: Mark): void {
  if (event.artifact !== undefined) mark('an output became an artifact')
  const tool = calls.get(event.callId)?.tool ?? ''
  if (!artifactTools.has(tool)) return
  const { outcome } = event
  if (outcome.type === 'ok') mark(tool === 'read_artifact' ? 'an artifact was read' : 'artifacts were searched')
  if (outcome.type !== 'terminal_error') return
  if (outcome.message.includes('was erased')) mark('an artifact was gone when it was asked for')
  else if (outcome.message.includes('no artifact')) mark('an artifact was asked for that the session does not have')
}

function markProcessed(event: EventOf<'result_processed'>, { calls }: SessionRecord, mark: Mark): void {
  const { problem = null, noted, ignored = [], callId } = event
  if (noted.length > 0) mark('a patch was applied')
  if (problem?.includes('the budget does not allow') === true) mark('a request of memory did not fit the budget')
  else if (problem !== null) mark('a patch was refused')
  if (calls.get(callId)?.outcome?.type === 'blocked') mark('a processor saw what a person had answered')
  for (const { code } of ignored) if (code !== 'questions_full') mark(`a part of a patch was ignored: ${code}`)
}

function markCompacted(event: EventOf<'history_compacted'>, { memory }: SessionRecord, mark: Mark): void {
  const { strategy, problem, cutCharacters, taskId } = event
  if (problem !== undefined) mark('history was compacted without the summary that was asked for')
  else mark(strategy === 'window' ? 'history was compacted by a window' : 'history was compacted by a summary')
  if (cutCharacters !== undefined) mark('texts of a prompt were cut')
  if (strategy === 'summarize' && memory.compactions.get(taskId)?.summary != null)
    mark('a second summary took the place of the first')
}
