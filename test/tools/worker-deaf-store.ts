/** A planted bug: what the thread that watches the loop opens instead of the store, and whose leases never end. */
export function open(): object {
  return { renew: async () => ({ type: 'refused' }), close: async () => {} }
}
