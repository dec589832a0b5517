/** A rotator's ports with a hook around every call that leaves the process: for crashes and races at each of them. */
import type { SweepPorts } from '../../engine/sweep/ports.ts';

export interface PortCall {
  /** Like `ledger.write`. */
  readonly name: string;
  /** From 1, in the order in which calls are begun. */
  readonly nth: number;
  /** Before the call takes effect, or after it did and before its answer is known. */
  readonly when: 'before' | 'after';
}

export type OnCall = (call: PortCall) => Promise<void>;

/** Hooks every call of the source, the actions, the ledger and the notifier. */
export function steppedPorts(ports: SweepPorts, onCall: OnCall): SweepPorts {
  const { source, actions, ledger, notifier } = ports;
  let calls = 0;
  const next = () => ++calls;
  return {
    ...ports,
    source: stepped('source', source, onCall, next),
    actions: actions && stepped('actions', actions, onCall, next),
    ledger: stepped('ledger', ledger, onCall, next),
    notifier: notifier && stepped('notifier', notifier, onCall, next),
  };
}

function stepped<T extends object>(port: string, target: T, onCall: OnCall, next: () => number): T {
  return new Proxy(target, {
    get: (_, method) => {
      const member: unknown = Reflect.get(target, method);
      // The one method that asks no one.
      if (typeof member !== 'function' || method === 'requests') return member;
      return async (...args: unknown[]) => {
        const call = { name: `${port}.${String(method)}`, nth: next() };
        await onCall({ ...call, when: 'before' });
        const answer: unknown = await member.apply(target, args);
        await onCall({ ...call, when: 'after' });
        return answer;
      };
    },
  });
}

class Crash extends Error {}

export interface CrashingPorts {
  readonly ports: SweepPorts;
  /** The call that it died at, like `ledger.write after`; undefined where it lived. */
  readonly crashedAt: () => string | undefined;
}

/** Ports of a process that dies around its n-th call: nothing that it asks for afterwards happens. */
export function crashingPorts(ports: SweepPorts, nth: number, when: 'before' | 'after'): CrashingPorts {
  let crashedAt: string | undefined;
  const onCall: OnCall = async (call) => {
    if (crashedAt === undefined && call.nth === nth && call.when === when) crashedAt = `${call.name} ${call.when}`;
    if (crashedAt !== undefined) throw new Crash(call.name);
  };
  return { ports: steppedPorts(ports, onCall), crashedAt: () => crashedAt };
}
