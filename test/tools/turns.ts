/** Kinds of rounds take turns, in proportion to their goals: wherever time ends a run, each has had its part. */

export type Kind = {
  /** Rounds that it asks for; at least 1. */
  readonly goal: number
  readonly play: () => Promise<void>
}

/**
 * Groups play one after another, the kinds of a group side by side. The first round of every kind is played however early the time
 * is up. Returns how many rounds each has played.
 */
export async function takeTurns<K extends Kind>(
  groups: readonly (readonly K[])[],
  isTimeUp: () => boolean,
): Promise<ReadonlyMap<K, number>> {
  const played = new Map(groups.flat().map((kind) => [kind, 0]))
  const turns = Math.max(0, ...groups.flat().map(({ goal }) => goal))
  for (let turn = 1; turn <= turns; turn += 1)
    for (const group of groups)
      await Promise.all(
        group.map(async (kind) => {
          const before = played.get(kind) ?? 0
          const isDue = before < Math.ceil((kind.goal * turn) / turns)
          if (!isDue || (before > 0 && isTimeUp())) return
          await kind.play()
          played.set(kind, before + 1)
        }),
      )
  return played
}
