/** The runtime with something in it that it does not do. */
import type { PawlEvent } from 'pawl'
import type { Draft, State } from 'pawl/core'
import { type Wiring, wiring } from '../../src/runtime/index.ts'

/** The shipped reducers, and then something that they do not do. */
export function reducing(spoil: (draft: Draft, event: PawlEvent) => void): Wiring {
  return {
    ...wiring,
    reduce: (draft, event, at) => {
      wiring.reduce(draft, event, at)
      spoil(draft, event)
    },
  }
}

type Asked = { readonly tool: string; readonly effectHash: string }

/** Lets a call through that policy wants approved, where `isMet` says so; the core's rule about repeats is blind then, too. */
export function lenient(isMet: (state: State, asked: Asked) => boolean): Wiring {
  return {
    ...wiring,
    handle: (state, command, moment) => {
      if (command.type !== 'record_verdict' || command.judgement.type !== 'verdict')
        return wiring.handle(state, command, moment)
      const { judgement, callId } = command
      const { effectHash } = judgement.terms
      const tool = state.calls.get(callId)?.tool ?? ''
      if (judgement.verdict.type === 'deny' || !isMet(state, { tool, effectHash }))
        return wiring.handle(state, command, moment)
      const blind = { ...state, index: { ...state.index, effects: new Map() } }
      return wiring.handle(blind, { ...command, judgement: { ...judgement, verdict: { type: 'allow' } } }, moment)
    },
  }
}
