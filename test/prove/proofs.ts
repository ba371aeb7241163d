/** Every proof that is a program of its own, in the order in which the page tells of them. A new one is a line here. */

export type ProofEntry = {
  readonly name: string
  readonly title: string
  /** Of docs/guarantees.md. */
  readonly promises: string
  /** Whether it keeps several cores busy, or watches the time closely; the others run two at a time in `npm test`. */
  readonly isWide?: true
  /** What it does, in a sentence or two. */
  readonly does: string
}

export const proofs: readonly ProofEntry[] = [
  {
    name: 'simulation',
    title: 'Simulation',
    promises: 'P1-P13, P15, P20-P22',
    isWide: true,
    does: 'Whole worlds under one seed each: processes that die and freeze, lost answers, jumping clocks, people who vote, cancel and edit; outputs that become artifacts, processors, facts and histories that are compacted; the invariants are checked after every event. The real core, driver and stores run; only time, network and chance are simulated.',
  },
  {
    name: 'power',
    title: 'Power loss',
    promises: 'P1, P2',
    does: 'Images of the database as a power cut would leave it, built from a trace of the real writes and fsyncs of the running store, with unsynced writes torn between sectors, dropped and reordered.',
  },
  {
    name: 'kill',
    title: 'SIGKILL, SIGSTOP and SIGTERM',
    promises: 'P1-P6, P9, P18',
    isWide: true,
    does: 'Real processes on the real store, with a ledger of effects in another process: killed at any instant, frozen past their lease, told to stop under load.',
  },
  {
    name: 'disk',
    title: 'Full disk',
    promises: 'P1, P9, P16',
    does: 'The disk fills up at every step of the support-triage scenario; a cancel is still recorded, and everything goes on when there is room.',
  },
  {
    name: 'tools',
    title: 'Tools that misbehave',
    promises: 'P5, P11, P17',
    isWide: true,
    does: 'Tools that exit the process, block the event loop, take all memory or ignore their end, in the process and isolated from it.',
  },
  {
    name: 'poison',
    title: 'Poison',
    promises: 'P16, P17',
    isWide: true,
    does: 'Hostile and broken bytes through every door: model output, tool output, messages, commands, bodies of errors; on both stores.',
  },
  {
    name: 'json-schema',
    title: 'JSON Schema',
    promises: 'P7, P17',
    does: 'The required 2020-12 tests of the JSON-Schema-Test-Suite, through the validation of tool inputs that ships.',
  },
  {
    name: 'injection',
    title: 'An obedient, compromised model',
    promises: 'P7, P8',
    does: 'Injection scripts in which the model does whatever the attacker’s text says, against the shipped policies.',
  },
  {
    name: 'integrity',
    title: 'Integrity of logs',
    promises: 'P14',
    does: 'Bytes flipped, rows dropped, swapped and rewritten in a long log.',
  },
  {
    name: 'secrets',
    title: 'Secrets',
    promises: 'P19',
    does: 'Canary secrets through every path, then a search of the database, its WAL, logs and outputs, in every writing that P19 lists.',
  },
  {
    name: 'plans',
    title: 'Plans of real workflows',
    promises: 'P1, P5, P6, P11, P12, P20',
    does: 'Executions of 60 real workflows as plans of direct tools, by the pure core under a virtual clock and by the runtime: the schedule at 1, 4, 16 and 64 slots against measured bounds and a reference, tasks that fail, workers that die after any event.',
  },
  {
    name: 'soak',
    title: 'Soak',
    promises: 'P11, P16',
    isWide: true,
    does: 'Steady load on one process, with memory, handles, listeners and file sizes sampled while it runs.',
  },
]
