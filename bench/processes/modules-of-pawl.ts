/** Which modules `import 'pawl'` loads; answers their addresses. */
import { registerHooks } from 'node:module'

const loaded: string[] = []
registerHooks({
  load: (url, context, nextLoad) => {
    loaded.push(url)
    return nextLoad(url, context)
  },
})
await import('pawl')
console.log(JSON.stringify(loaded))
