/** For each invariant of the lifecycle, a deliberate break of the code. Some test must fail for each. */

import { deploymentMutants } from './deployment.ts';
import { findingsMutants } from './findings.ts';
import { lifecycleMutants } from './lifecycle.ts';
import { messagesMutants } from './messages.ts';
import type { Mutant } from './mutant.ts';
import { policyMutants } from './policy.ts';
import { sweepMutants } from './sweep.ts';
import { terminalMutants } from './terminal.ts';

export const mutants: readonly Mutant[] = [
  ...lifecycleMutants,
  ...sweepMutants,
  ...findingsMutants,
  ...policyMutants,
  ...terminalMutants,
  ...deploymentMutants,
  ...messagesMutants,
];
