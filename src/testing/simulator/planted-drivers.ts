/** Parts of the driver that leave something out: what may start, and what is under way. */
import type { Wiring } from '../../runtime/index.ts'
import { mayStart } from '../../runtime/may-start.ts'
import type { UnderWay } from '../../runtime/under-way.ts'

/** As if the lease held for ever, but for requests to models; the time in which an intent may begin is looked at. */
export const withoutLease: Wiring['mayStart'] = (activation, action) =>
  action.type === 'decide'
    ? mayStart(activation, action)
    : mayStart({ ...activation, worker: { ...activation.worker, leaseHolds: () => true } }, action)

/** As if the lease held for ever for requests to models. */
export const requestsWithoutLease: Wiring['mayStart'] = (activation, action) =>
  action.type === 'decide' || mayStart(activation, action)

/** As if an intent might begin at any time while the lease holds. */
export const withoutStartBy: Wiring['mayStart'] = ({ worker }) => worker.leaseHolds()

/** What has arrived is no longer under way, committed or not. */
export function leavesAtArrival(underWay: UnderWay): UnderWay {
  return wrap(underWay, { arrived: (key) => underWay.committed(key) })
}

/** What is not wanted any more is forgotten; nobody waits for its end. */
export function dropsUnwanted(underWay: UnderWay): UnderWay {
  return wrap(underWay, {
    keepOnly: (wanted) => {
      for (const [key, entry] of [...underWay.entries()]) {
        if (wanted.has(key)) continue
        entry.controller.abort(new Error('dropped'))
        underWay.committed(key)
      }
    },
  })
}

function wrap(underWay: UnderWay, changed: Partial<UnderWay>): UnderWay {
  return new Proxy(underWay, { get: (target, key) => Reflect.get(Object.hasOwn(changed, key) ? changed : target, key) })
}
