/** How much of JSON Schema 2020-12 the validation of tool inputs speaks, as numbers. */
import { openProof } from '../prove/proof.ts'
import { differs, isReference, type Ran, refusedBesidesReferences, runSuite } from './suite.ts'

const DRAFT = '2020-12'
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
    value: sum(references.map(([, count]) => count)),
  })
  proof.figure({ name: 'the schema is refused for something else', value: sum(others.map(([, count]) => count)) })
  proof.figure({ name: 'the schema is only true or false, which no tool’s input is', value: sum(bare.values()) })
  compare('answers otherwise', [...wrong.keys()], differs[DRAFT])
  compare(
    'is refused',
    others.map(([name]) => name),
    refusedBesidesReferences[DRAFT],
  )
  proof.notTested(
    'Not supported, and refused where the schema is made: `$dynamicRef`, `$ref` to another document, `$vocabulary` of another document, an empty `enum`, `$ref` by a relative `$id` within `$defs` or by a URN with a pointer.',
  )
  proof.notTested(`Answers otherwise than the suite: ${differs[DRAFT].map((name) => `“${name}”`).join(', ')}.`)
  proof.notTested('`format` is an annotation, as the draft has it by default; the optional tests are not run.')
}

/** What is known is written down in one place; anything else is a change that somebody has to look at. */
function compare(what: string, found: readonly string[], known: readonly string[]): void {
  const unexpected = found.filter((name) => !known.includes(name))
  const gone = known.filter((name) => !found.includes(name))
  for (const name of unexpected) proof.fail(`${what}, and is not on the list: ${name}`)
  for (const name of gone) proof.fail(`is on the list, and no longer ${what}: ${name}`)
  if (unexpected.length === 0 && gone.length === 0) proof.pass()
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}
