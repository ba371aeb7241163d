/** A tool in a thread that takes all the memory it can: what its calls came to, as JSON on stdout. */
import { outcomesOf } from './isolated-run.ts'

const limits = { isolatedMemoryBytes: 67_108_864 }
console.log(JSON.stringify(await outcomesOf({ deed: 'hoards', ms: 30_000 }, { isolation: 'worker' }, limits)))
