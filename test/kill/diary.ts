/** What the workers of a round said that they did. */
import type { Tells } from './worker-orders.ts'

type Of<T extends Tells['type']> = Omit<Extract<Tells, { readonly type: T }>, 'type'>

export type Diary = {
  readonly appended: readonly Of<'appended'>[]
  readonly entered: readonly Of<'entered'>[]
  readonly claimed: readonly Of<'claimed'>[]
  readonly acknowledged: readonly Of<'acknowledged'>[]
  readonly beganAnew: readonly Of<'began_anew'>[]
}

export interface DiaryKept extends Diary {
  keep(tells: Tells): void
}

export function createDiary(): DiaryKept {
  const appended: Of<'appended'>[] = []
  const entered: Of<'entered'>[] = []
  const claimed: Of<'claimed'>[] = []
  const acknowledged: Of<'acknowledged'>[] = []
  const beganAnew: Of<'began_anew'>[] = []
  return {
    appended,
    entered,
    claimed,
    acknowledged,
    beganAnew,
    keep: (tells) => {
      if (tells.type === 'appended') appended.push(tells)
      else if (tells.type === 'entered') entered.push(tells)
      else if (tells.type === 'claimed') claimed.push(tells)
      else if (tells.type === 'acknowledged') acknowledged.push(tells)
      else if (tells.type === 'began_anew') beganAnew.push(tells)
    },
  }
}
