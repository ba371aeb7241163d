/** How much of JSON Schema 2020-12 the validation of tool inputs speaks, as numbers. */
import { openProof } from '../prove/proof.ts'
import { type Planted, planted } from './planted.ts'
import { differs, isReference, type Ran, refusedBesidesReferences, runSuite } from './suite.ts'
import { refusalsByKeyword } from './unsupported.ts'

const DRAFT = '2020-12'
/** So that a suite of which files are missing does not pass. */
const LEAST_PASSED = 1_100

const proof = openProof('json-schema', {})
const ran = runSuite(DRAFT)
if (ran === null) proof.skip('real input: JSON-Schema-Test-Suite')
else tell(ran)
proof.close()

function tell(ran: Ran): void {
  const { total, passed, wrong, refused, bare } = ran
  const references = [...refused].filter(([name]) => isReference(name))
  const others = [...refused].filter(([name]) => !isReference(name))
  proof.figure({ name: 'required tests of draft 2020-12 that pass', value: passed, goal: total })
  proof.figure({ name: 'of those that do not pass: another answer than the suite’s', value: sum(wrong.values()) })
  proof.figure({
    name: 'the schema is refused: a reference out of it, or a dynamic one',
    value: sum(references.map(([, { tests }]) => tests)),
  })
  proof.figure({
    name: 'the schema is refused for something else',
    value: sum(others.map(([, { tests }]) => tests)),
  })
  proof.figure({ name: 'the schema is only true or false, which no tool’s input is', value: sum(bare.values()) })
  const complaints = complaintsOf(ran)
  if (complaints.length === 0) proof.pass()
  for (const complaint of complaints) proof.fail(complaint)
  for (const bug of planted) catchBug(bug)
  tellUnsupported(ran)
}

function tellUnsupported({ refused }: Ran): void {
  const { byKeyword, unknown } = refusalsByKeyword(refused)
  for (const why of unknown) proof.fail(`refused for a reason that no keyword is known of: ${why}`)
  const counted = [...byKeyword].map(([keyword, tests]) => `\`${keyword}\` (${tests})`).join(', ')
  proof.notTested(
    `Refused where the schema is made, by the keyword that it is refused for, with the required tests that this refuses: ${counted}. A \`$ref\` is refused that leaves the document, or goes by a relative \`$id\` within \`$defs\` or by a URN with a pointer; a \`$schema\`, that names a dialect of its own; an \`enum\`, that is empty.`,
  )
  proof.notTested(`Answers otherwise than the suite: ${differs[DRAFT].map((name) => `“${name}”`).join(', ')}.`)
  proof.notTested('`format` is an annotation, as the draft has it by default; the optional tests are not run.')
}

/** What is known is written down in one place; anything else is a change that somebody has to look at. */
function complaintsOf({ passed, wrong, refused }: Ran): readonly string[] {
  const others = [...refused.keys()].filter((name) => !isReference(name))
  return [
    ...compared('answers otherwise', [...wrong.keys()], differs[DRAFT]),
    ...compared('is refused', others, refusedBesidesReferences[DRAFT]),
    ...(passed < LEAST_PASSED ? [`only ${passed} tests pass`] : []),
  ]
}

function compared(what: string, found: readonly string[], known: readonly string[]): readonly string[] {
  const unexpected = found.filter((name) => !known.includes(name))
  const gone = known.filter((name) => !found.includes(name))
  return [
    ...unexpected.map((name) => `${what}, and is not on the list: ${name}`),
    ...gone.map((name) => `is on the list, and no longer ${what}: ${name}`),
  ]
}

/** Only the right complaint counts. */
function catchBug({ bug, caughtBy, make }: Planted): void {
  const ran = runSuite(DRAFT, make)
  const by = ran === null ? undefined : complaintsOf(ran).find((complaint) => caughtBy.test(complaint))
  if (ran === null || by === undefined) return proof.fail(`planted: ${bug}: NOT caught`)
  proof.pass()
  proof.caught({ bug, by, tries: ran.total, of: 'tests' })
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}
