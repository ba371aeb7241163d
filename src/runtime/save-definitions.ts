import type { Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { otherRoles } from './define-plan-parts.ts'

/** Everything that a prompt of the agent's may be made of, so that "why" has an answer after a deploy. */
export async function saveDefinitions(store: Pick<Store, 'saveDefinition'>, agent: Agent): Promise<void> {
  const own = [agent, ...otherRoles(agent)]
  await Promise.all(own.map(({ terms, definition }) => store.saveDefinition(terms.definitionHash, definition)))
}
