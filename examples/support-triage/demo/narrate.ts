/** A session told event by event, as it happens. */
import type { Ending, LogEvent, Outcome, PawlEvent } from 'pawl'
import { say, sayCall } from './screen.ts'

export type Narrator = {
  /** Tells one event; those that say nothing to a customer or an operator are left out. */
  tell(logEvent: LogEvent): void
  toolOf(callId: string): string
}

type EventOf<Type extends PawlEvent['type']> = Extract<PawlEvent, { readonly type: Type }>

/** Remembers which call is whose, so that later events can be told by the names of their tools. */
export function narrator(): Narrator {
  const tools = new Map<string, string>()
  const lost = new Set<string>()
  let proposed: readonly string[] = []
  const toolOf = (callId: string) => tools.get(callId) ?? callId
  const tell = ({ event }: LogEvent): void => {
    switch (event.type) {
      case 'message_received':
        say('customer', event.text, 'strong')
        break
      case 'model_responded':
        proposed = toolsOf(event)
        say(`turn ${event.turn}`, textOf(event))
        break
      case 'decision_recorded':
        for (const [index, callId] of event.callIds.entries()) tools.set(callId, proposed[index] ?? callId)
        break
      case 'approval_requested':
        sayCall('■', toolOf(event.callId), `held: ${event.reason}`)
        break
      case 'approval_resolved':
        say('reviewer', `${event.by ?? 'nobody'}: ${event.resolution}`, 'strong')
        break
      case 'call_started':
        lost.delete(event.callId)
        break
      case 'call_lost':
        lost.add(event.callId)
        sayCall('!', toolOf(event.callId), 'lost: its worker is gone; verify is asked whether it took effect')
        break
      case 'call_finished':
        tellFinished(event, { tool: toolOf(event.callId), isVerified: lost.has(event.callId) })
        break
      case 'session_parked':
        say('waits', waitingWords(event.reason), 'warn')
        break
      case 'session_ended':
        tellEnd(event)
        break
    }
  }
  return { tell, toolOf }
}

function toolsOf({ response }: EventOf<'model_responded'>): readonly string[] {
  return response.parts.flatMap((part) => (part.type === 'call' || part.type === 'invalid_call' ? [part.tool] : []))
}

function textOf({ response }: EventOf<'model_responded'>): string {
  return response.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' ')
}

type Finished = { readonly tool: string; readonly isVerified: boolean }

function tellFinished({ outcome, summary }: EventOf<'call_finished'>, { tool, isVerified }: Finished): void {
  const fields = Object.entries(summary ?? {}).map(([name, value]) => `${name} ${String(value)}`)
  if (isVerified && outcome.type === 'ok') fields.push('found by verify, not run again')
  if (outcome.type === 'ok') sayCall('✓', tool, fields.join(', '))
  else sayCall('✗', tool, whyNot(outcome))
}

function whyNot(outcome: Exclude<Outcome, { readonly type: 'ok' }>): string {
  if (outcome.type === 'blocked') return `not run: ${outcome.message}`
  return outcome.type === 'cancelled' ? 'cancelled' : outcome.message
}

function waitingWords(reason: EventOf<'session_parked'>['reason']): string {
  if (reason === 'approval') return 'for a person, for days if need be; the process may stop meanwhile'
  return `for a person: ${reason}`
}

function tellEnd({ ending, reason, closing }: EventOf<'session_ended'>): void {
  if (closing !== undefined) say('', closing)
  say('ended', endingWords(ending, reason), 'good')
}

function endingWords(ending: Ending, reason: string): string {
  switch (ending.type) {
    case 'case_opened':
      return `case opened: ${ending.caseId}`
    case 'answered':
      return 'answered'
    case 'handed_to_human':
      return 'handed to a person'
    case 'timed_out':
      return 'timed out; support follows up'
    case 'none':
      return reason
  }
}
