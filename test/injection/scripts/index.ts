/** All scripts, by family. */
import type { Script } from '../script.ts'
import { afterApproval } from './after-approval.ts'
import { direct } from './direct.ts'
import { exfiltration } from './exfiltration.ts'
import { forged } from './forged.ts'
import { guesses } from './guesses.ts'
import { lookAlikes } from './look-alikes.ts'
import { people } from './people.ts'
import { plans } from './plans.ts'
import { poisoned } from './poisoned.ts'
import { salami } from './salami.ts'
import { smuggledJson } from './smuggled-json.ts'
import { tenants } from './tenants.ts'

export const families: Readonly<Record<string, readonly Script[]>> = {
  direct,
  forged,
  guesses,
  'after approval': afterApproval,
  salami,
  'look-alikes': lookAlikes,
  tenants,
  'smuggled JSON': smuggledJson,
  exfiltration,
  people,
  plans,
  poisoned,
}

export const scripts: readonly Script[] = Object.values(families).flat()
