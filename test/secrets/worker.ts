/** One process that runs the scenario and dies before it has closed its store, so that the WAL stays as it was written. */
import { writeFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sqliteStore } from 'pawl/stores/sqlite'
import { wiring } from '../../src/runtime/index.ts'
import { createCanaries } from './canaries.ts'
import { plants } from './planted.ts'
import { runScenario } from './scenario.ts'

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: '' },
    plant: { type: 'string', default: 'shipped' },
    seed: { type: 'string', default: '1' },
  },
})
const redaction = plants[values.plant]
if (redaction === undefined)
  throw new RangeError(`expected one of ${Object.keys(plants).join(', ')}; found ${values.plant}`)
const canaries = createCanaries(Number(values.seed))

await runScenario({
  store: sqliteStore(values.file),
  wiring: { ...wiring, redaction },
  canaries,
  isMarked: values.plant !== 'none' && values.plant !== 'marks of sensitive fields left out',
  out: (text) => process.stdout.write(`${text}\n`),
  problem: (problem) => console.error(problem),
})
writeFileSync(`${values.file}.planted`, JSON.stringify([...canaries.planted]))
process.stderr.write('the scenario is over\n')
// What was written to the two streams has to be read before the process dies.
await after(50)
process.kill(process.pid, 'SIGKILL')
