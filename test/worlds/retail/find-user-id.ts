import type { RetailDb, User } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'

/** The id of the user with this email, upper and lower case alike. */
export const findUserIdByEmail: RetailTool = retailTool({
  name: 'find_user_id_by_email',
  writes: false,
  fields: { email: 'text' },
  run: (db, { email }) => userIdWhere(db, (user) => isAlike(user.email, email)),
})

/** The id of the user with this name, upper and lower case alike, and this zip code. */
export const findUserIdByNameZip: RetailTool = retailTool({
  name: 'find_user_id_by_name_zip',
  writes: false,
  fields: { first_name: 'text', last_name: 'text', zip: 'text' },
  run: (db, { first_name, last_name, zip }) =>
    userIdWhere(
      db,
      ({ name, address }) =>
        isAlike(name.first_name, first_name) && isAlike(name.last_name, last_name) && address.zip === zip,
    ),
})

function userIdWhere(db: RetailDb, isMeant: (user: User) => boolean): string {
  const found = Object.entries(db.users).find(([, user]) => isMeant(user))
  return found === undefined ? 'Error: user not found' : found[0]
}

function isAlike(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
