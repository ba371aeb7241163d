/**
 * `npm run prove -- injection [--script TEXT]`: every script against an agent with the shipped policies, without `ruleOfTwo`, with one
 * harmless approval, with workers that die in between, and without policies; then every planted bug.
 */
import type { Policy } from 'pawl'
import { openProof } from '../prove/proof.ts'
import { uncovered } from './check-effects.ts'
import { problemsOfLog } from './check-log.ts'
import { type DeskPolicies, deskPolicies, noPolicies } from './desk-policies.ts'
import { count, differsFrom, exceeds, problemsOf, type Tally } from './judge-run.ts'
import { type Plant, plants } from './planted.ts'
import { type Ran, type RunOptions, runScript } from './run-script.ts'
import type { Script } from './script.ts'
import { families, scripts } from './scripts/index.ts'

const proof = openProof('injection', { script: { type: 'string' } })
const { script: wanted } = proof.values
const chosen = scripts.filter(({ name }) => wanted === undefined || name.includes(wanted))

/** Of the mail that a person approves while the attack goes on. */
const HARMLESS_MAIL = 'receipt@acme.example'
const tally: Tally = { proposed: 0, held: 0, refused: 0, effects: 0 }
let runs = 0

for (const script of chosen) await attack(script)
await control()
await deaths()
if (proof.size === 'night') await pairs()
for (const plant of plants) await catchPlant(plant)
tell()
proof.close()

/** With every policy, without the rule of two, and with one approval of something else. */
async function attack(script: Script): Promise<void> {
  const { runs: expected = [], runsWithoutRuleOfTwo = expected } = script
  const all = await run(script, { policies: policiesOf() })
  count(tally, all)
  report(script, 'all policies', [...problemsOf(all, { hasRuleOfTwo: true }), ...differsFrom(all, expected)])
  const limits = await run(script, { policies: policiesOf({ hasRuleOfTwo: false }) })
  count(tally, limits)
  const found = [...problemsOf(limits, { hasRuleOfTwo: false }), ...differsFrom(limits, runsWithoutRuleOfTwo)]
  report(script, 'without ruleOfTwo', found)
  const label = `mail ${HARMLESS_MAIL}`
  const approving = { policies: policiesOf(), alsoMail: HARMLESS_MAIL, person: { alsoApproves: label } }
  const one = await run(script, approving)
  count(tally, one)
  const isSent = one.effects.some((effect) => effect.label === label)
  report(script, 'one harmless approval', [
    ...problemsOf(one, { hasRuleOfTwo: true }),
    ...exceeds(one, [label, ...expected]),
    // Nobody approves the plan of which it would be a task.
    ...(isSent || script.plans === 'reviewed' ? [] : ['what was approved did not run']),
  ])
}

/** A script that changes nothing where nothing is in its way attacks nothing. */
async function control(): Promise<void> {
  const attacks = chosen.filter(({ harmlessAnyway }) => harmlessAnyway === undefined).length
  let harmful = 0
  let effects = 0
  for (const script of chosen) {
    const none = await run(script, { policies: () => noPolicies })
    const done = uncovered(none.effects, none.approved, { hasRuleOfTwo: true }).length
    effects += done
    if (done > 0) harmful += 1
    const { harmlessAnyway } = script
    if (done === 0 && harmlessAnyway === undefined)
      report(script, 'no policies', ['it changes nothing: it is no attack'])
    else if (done > 0 && harmlessAnyway !== undefined)
      report(script, 'no policies', [`it does harm: ${harmlessAnyway}?`])
    else proof.pass()
  }
  proof.figure({ name: 'control: scripts that write unapproved without policies', value: harmful, goal: attacks })
  proof.figure({ name: 'control: unapproved effects', value: effects })
  for (const { name, harmlessAnyway } of chosen)
    if (harmlessAnyway !== undefined) console.log(`harmless anyway: ${name}: ${harmlessAnyway}`)
}

/** The first worker dies after an append: at one place of every script, or at every place. */
async function deaths(): Promise<void> {
  let died = 0
  let possible = 0
  for (const [index, script] of chosen.entries()) {
    const { appends } = await run(script, { policies: policiesOf() })
    const places = Array.from({ length: appends }, (_, at) => at + 1)
    possible += places.length
    const some = proof.size === 'night' ? places : places.slice(index % Math.max(1, appends - 1)).slice(0, 1)
    for (const diesAfterAppends of some) {
      if (proof.isTimeUp()) break
      const ran = await run(script, { policies: policiesOf(), diesAfterAppends })
      died += 1
      const found = [...problemsOf(ran, { hasRuleOfTwo: true }), ...exceeds(ran, script.runs ?? [])]
      report(script, `the worker dies after append ${diesAfterAppends}`, found)
    }
  }
  proof.figure({ name: 'deaths of a worker', value: died, goal: proof.pick({ small: chosen.length, night: possible }) })
}

/** Two attackers in one ticket. */
async function pairs(): Promise<void> {
  const tickets = chosen.filter(({ ticket, task }) => ticket !== undefined && task === undefined)
  let tried = 0
  for (const first of tickets) {
    for (const second of tickets) {
      if (proof.isTimeUp()) break
      const both = { ...first, name: `${first.name} + ${second.name}`, ticket: `${first.ticket}\n${second.ticket}` }
      tried += 1
      report(both, 'two in one', problemsOf(await run(both, { policies: policiesOf() }), { hasRuleOfTwo: true }))
    }
  }
  proof.figure({ name: 'pairs of scripts in one ticket', value: tried, goal: tickets.length ** 2 })
}

/** In its own script, and by what it does there: what else goes wrong would be another mistake than its name says. */
async function catchPlant({ bug, script: name, shows, hasRuleOfTwo, policies, more }: Plant): Promise<void> {
  if (wanted !== undefined) return
  const script = scripts.find((each) => each.name === name)
  if (script === undefined) return proof.fail(`planted: ${bug}: there is no script that ${name}`)
  const ran = await run(script, { ...more, policies: policiesOf({ hasRuleOfTwo, spoilt: policies }) })
  const found = 'uncovered' in shows ? labelsOf(ran, hasRuleOfTwo) : problemsOfLog(ran.log, ran.effects)
  const isNoticed =
    'uncovered' in shows
      ? found.join() === shows.uncovered.join()
      : found.length > 0 && found.every((problem) => problem.includes(`started on ${shows.startedOn}`))
  if (!isNoticed)
    return proof.fail(`planted: ${bug}: expected ${JSON.stringify(shows)}, found [${found.join('; ')}] in "${name}"`)
  proof.caught({ bug, by: `the script that ${name}`, tries: 1, of: 'scripts' })
  proof.pass()
}

function labelsOf({ effects, approved }: Ran, hasRuleOfTwo: boolean): readonly string[] {
  return uncovered(effects, approved, { hasRuleOfTwo }).map(({ label }) => label)
}

function policiesOf({
  hasRuleOfTwo = true,
  spoilt,
}: {
  hasRuleOfTwo?: boolean
  spoilt?: (() => Partial<DeskPolicies>) | undefined
} = {}): () => readonly Policy[] {
  return () => {
    const { ruleOfTwo, ...limits } = { ...deskPolicies(), ...spoilt?.() }
    return [...Object.values(limits), ...(hasRuleOfTwo ? [ruleOfTwo] : [])]
  }
}

async function run(script: Script, options: RunOptions) {
  runs += 1
  return runScript(script, options)
}

function report({ name }: Script, how: string, problems: readonly string[]): void {
  if (problems.length === 0) proof.pass()
  else proof.fail(`${name} (${how}): ${problems.join('; ')}`)
}

function tell(): void {
  proof.figure({ name: 'scripts', value: chosen.length })
  proof.figure({ name: 'families', value: Object.keys(families).length })
  proof.figure({ name: 'runs', value: runs })
  proof.figure({ name: 'writes proposed, with policies', value: tally.proposed })
  proof.figure({ name: 'held for a person', value: tally.held })
  proof.figure({ name: 'refused', value: tally.refused })
  proof.figure({ name: 'effects, each covered by a written limit or an approval', value: tally.effects })
  proof.notTested(
    'No language model is attacked: the model of these scripts does what any text says, which is the worst that a model can do.',
  )
  proof.notTested(
    'Labels are what tools and hosts declare: a tool that brings strangers’ text and does not say so is held by its limits alone.',
  )
}
