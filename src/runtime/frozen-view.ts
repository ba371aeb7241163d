/** Read-only views of live state for user code: reading goes through, writing throws. */
const views = new WeakMap<object, object>()
const mutators = new Set<PropertyKey>(['set', 'delete', 'clear', 'add'])

function refuse(): never {
  throw new TypeError('this is a read-only view of the session: only events change it')
}

export function frozenView<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  const known = views.get(value)
  // The view has the shape of the value that it was made for.
  if (known !== undefined) return known as T
  const view = new Proxy<T & object>(value, handler)
  views.set(value, view)
  return view
}

const handler: ProxyHandler<object> = {
  get: read,
  set: refuse,
  defineProperty: refuse,
  deleteProperty: refuse,
  setPrototypeOf: refuse,
  preventExtensions: refuse,
  getOwnPropertyDescriptor: describe,
}

/** A descriptor hands out the value itself, so that has to be a view too. */
function describe(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  const described = Reflect.getOwnPropertyDescriptor(target, key)
  if (described?.configurable !== true || !('value' in described)) return described
  return { ...described, value: frozenView(described.value) }
}

function read(target: object, key: PropertyKey): unknown {
  const value: unknown = Reflect.get(target, key, target)
  if (!(target instanceof Map || target instanceof Set)) return typeof value === 'function' ? value : frozenView(value)
  if (mutators.has(key)) return refuse
  if (target instanceof Map && key === 'get') return (name: unknown) => frozenView(target.get(name))
  if (target instanceof Map && key === 'values') return () => [...target.values()].map(frozenView).values()
  if (target instanceof Map && (key === 'entries' || key === Symbol.iterator)) {
    return () => [...target].map(([name, each]) => [name, frozenView(each)]).values()
  }
  if (target instanceof Map && key === 'forEach') {
    return (visit: (each: unknown, name: unknown) => void) =>
      target.forEach((each, name) => {
        visit(frozenView(each), name)
      })
  }
  return typeof value === 'function' ? value.bind(target) : value
}
