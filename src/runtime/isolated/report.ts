/** What came of a call beside the runtime, as a report: as honest about what is not known as for a tool inside it. */
import { type CallReport, never } from '../../core/index.ts'
import type { AnyTool } from '../../ports/index.ts'
import { failureReport, outputReport, type Reporting, trustOf, unreadable } from '../call-report.ts'
import type { IsolatedAnswer } from './messages.ts'
import { thrownError } from './thrown.ts'

export async function isolatedReport(tool: AnyTool, answer: IsolatedAnswer, reporting: Reporting): Promise<CallReport> {
  // Even of its end: the text of a crash is what its code threw, perhaps with words of others in it.
  const trust = trustOf(tool)
  switch (answer.type) {
    case 'output':
      return outputReport(tool, answer.output, reporting)
    case 'unreadable':
      return unreadable(tool, answer.problem)
    case 'threw':
      return failureReport(tool, thrownError(answer))
    case 'unusable':
      return { outcome: { type: 'terminal_error', message: answer.message }, tookEffect: false, trust }
    case 'not_started':
      return { outcome: { type: 'retryable_error', message: answer.message }, tookEffect: false, trust }
    case 'ended':
      return { outcome: { type: 'retryable_error', message: answer.message }, trust }
    case 'verified':
      return failureReport(tool, new Error('it was asked to run, and answered with a verification'))
    default:
      return never(answer)
  }
}
