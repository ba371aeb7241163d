/** Tools that come with the runtime: no tool of an agent's is called so. */
export const SEARCH_TOOLS = 'search_tools'
export const artifactNames: readonly string[] = ['read_artifact', 'search_artifact']
export const builtinNames: readonly string[] = [...artifactNames, SEARCH_TOOLS]
