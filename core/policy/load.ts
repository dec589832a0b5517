import { KeysweepError } from '../error.ts';
import { lineOf, readCheckedYaml, type YamlProblem } from './checked-yaml.ts';
import type { Policy } from './policy.ts';
import { resolvePolicy } from './resolve.ts';
import { policyFileSchema } from './schema.ts';

/** One thing that is wrong in a policy file. */
export type PolicyProblem = YamlProblem;

/** The policy file cannot be used. Its message lists every problem, one a line. */
export class PolicyError extends KeysweepError {
  readonly problems: readonly PolicyProblem[];

  constructor(file: string, problems: readonly PolicyProblem[]) {
    super('PolicyInvalid', problems.map((problem) => lineOf(file, problem)).join('\n'), {
      hint: 'See docs/policy.md for every setting. Run keysweep init to write an example.',
    });
    this.problems = problems;
  }
}

/**
 * Reads the text of a keysweep.yaml.
 *
 * @param file name of the file, for messages
 * @throws PolicyError with all problems at once: YAML that does not parse, keys that do not exist, values that are not
 *   allowed. A policy is used in full or not at all.
 */
export function loadPolicy(text: string, file: string): Policy {
  return resolvePolicy(readCheckedYaml(text, policyFileSchema, (problems) => new PolicyError(file, problems)));
}
