import type { Audit } from '../core/model.ts';
import { usageProblems } from '../core/policy/usage.ts';
import type { Note } from './notes.ts';

/** Says which exemptions and overrides have no effect in the account: a plan or a sweep shows only what they do. */
export async function notePolicyProblems({ usage }: Audit, note: Note): Promise<void> {
  for (const problem of usage === undefined ? [] : usageProblems(usage)) await note(`policy: ${problem}`);
}
