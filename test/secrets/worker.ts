/** One process that runs the scenario and dies before it has closed its store, so that the WAL stays as it was written. */
import { writeFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sqliteStore } from 'pawl/stores/sqlite'
import { runPlant } from './run-plant.ts'

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: '' },
    plant: { type: 'string', default: 'shipped' },
    seed: { type: 'string', default: '1' },
  },
})
const { planted } = await runPlant({
  store: sqliteStore(values.file),
  plant: values.plant,
  seed: Number(values.seed),
  out: (text) => process.stdout.write(`${text}\n`),
  problem: (problem) => console.error(problem),
})
writeFileSync(`${values.file}.planted`, JSON.stringify([...planted]))
process.stderr.write('the scenario is over\n')
// What was written to the two streams has to be read before the process dies.
await after(50)
process.kill(process.pid, 'SIGKILL')
