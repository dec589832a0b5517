import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeysweepError } from '../core/error.ts';
import type { Policy } from '../core/policy/policy.ts';

/** The file next to a function's bundle with its policy. `cdk synth` checks keysweep.yaml and writes it. */
const policyAssetName = 'policy.json';

/**
 * Reads the policy that was deployed with the function. This same version checked and resolved it at synth.
 *
 * @throws KeysweepError PolicyMissing if there is none: a function without its policy does nothing
 */
export function readPolicyAsset(folder: string): Policy {
  const file = join(folder, policyAssetName);
  try {
    const policy = JSON.parse(readFileSync(file, 'utf8')) as Policy;
    if (policy.version !== 1) throw new TypeError(`its version is ${JSON.stringify(policy.version)}, expected 1`);
    return policy;
  } catch (cause) {
    throw new KeysweepError('PolicyMissing', `cannot read the deployed policy ${file}`, {
      cause,
      hint: 'Deploy the stack again.',
    });
  }
}
