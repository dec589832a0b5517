import { KeysweepError } from '../core/error.ts';
import type { OpenLedger } from './open-ledger.ts';

/** The ledger of a command that was given none: it is empty, and takes nothing. */
export function noLedger(): OpenLedger {
  const refuse = () =>
    Promise.reject(
      new KeysweepError('LedgerMissing', 'there is no ledger to write to', { hint: 'Name one: --ledger' }),
    );
  return {
    entries: async () => ({ entries: [], damaged: [] }),
    entry: async () => undefined,
    events: async () => [],
    sweep: async () => undefined,
    write: refuse,
    writeSweep: refuse,
    sweptSnapshot: async () => undefined,
    writeSweptSnapshot: refuse,
    close: async () => {},
  };
}
