/** Pawl's side alone, for what is counted by process: `node pawl-load.ts <file> <sessions> <turns> <in flight>`; answers JSON. */
import { runSessions } from '../sides/pawl-side.ts'

const [path = '', ...numbers] = process.argv.slice(2)
const [sessions = 1, turns = 1, inFlight = 1] = numbers.map(Number)
const ran = await runSessions(path, { sessions, turns, inFlight })
console.log(JSON.stringify({ ...ran, peakKb: process.resourceUsage().maxRSS }))
