/** A tool in a thread that takes all memory, beside another session of the same runtime: what was found wrong, as JSON on stdout. */
import { isolationRound } from './isolation-round.ts'

const found = await isolationRound({ isolation: 'worker', module: 'worker-hoard-tool', isKillForgotten: false })
console.log(JSON.stringify(found))
