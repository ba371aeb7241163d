/** A task of the tau2-mock world. */
export type MockTaskRecord = {
  readonly task_id: string
  readonly title: string
  readonly description: string | null
  readonly status: 'pending' | 'completed'
}

/** A user of the tau2-mock world; `tasks` lists task ids in the order of their creation. */
export type MockUser = {
  readonly user_id: string
  readonly name: string
  readonly tasks: readonly string[]
}

/** The world's state. Tables change, records never do: a write puts a new record under the old id. */
export type MockDb = {
  readonly tasks: Record<string, MockTaskRecord>
  readonly users: Record<string, MockUser>
}

/** A state that may be written to without touching the one it was copied from. */
export function copyMockDb(db: MockDb): MockDb {
  return { tasks: { ...db.tasks }, users: { ...db.users } }
}

/** The other start of this world: two of the ten recorded tasks begin with one more task of user_1. */
export function withProjectReview(db: MockDb): MockDb {
  const review: MockTaskRecord = {
    task_id: 'task_2',
    title: 'Project Review',
    description: 'Review Q4 project status',
    status: 'pending',
  }
  const users = Object.entries(db.users).map(([id, user]): [string, MockUser] =>
    id === 'user_1' ? [id, { ...user, tasks: [...user.tasks, review.task_id] }] : [id, user],
  )
  return { tasks: { ...db.tasks, [review.task_id]: review }, users: Object.fromEntries(users) }
}
