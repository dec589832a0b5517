import { SECOND } from '../../core/duration.ts';
import type { Duration } from '../../core/model.ts';
import type { FaultEffect } from '../../sandbox/index.ts';

/**
 * How long clients wait for an answer, in milliseconds: short only where requests are left without one. A busy machine
 * may take a second for the others, and a test must not take that for the fault.
 */
export function patienceFor(faults: readonly FaultEffect[], short: Duration = 1.5 * SECOND): Duration {
  return faults.some(({ kind }) => kind === 'timeout') ? short : 20 * SECOND;
}
