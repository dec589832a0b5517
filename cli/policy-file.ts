import { KeysweepError } from '../core/error.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import type { Policy } from '../core/policy/policy.ts';
import { exists, readUserFile } from './input.ts';
import type { Io } from './io.ts';
import type { Note } from './notes.ts';

/** The policy file that is read where none is named. */
export const defaultPolicyFile = 'keysweep.yaml';

/**
 * The policy of a run: of the file named, else of ./keysweep.yaml, else the defaults, which the user is told.
 * Throws KeysweepError `PolicyInvalid` or `FileUnreadable`, and `PolicyMisnamed` where a policy would be overlooked.
 */
export async function readPolicy(named: string | undefined, io: Io, note: Note): Promise<Policy> {
  const file = named ?? ((await exists(defaultPolicyFile, io)) ? defaultPolicyFile : undefined);
  if (file === undefined) {
    await refuseMisnamed(io);
    await note(
      `no ${defaultPolicyFile} here, so the default policy holds (keysweep init writes a policy to start from)`,
    );
    return defaultPolicy;
  }
  if (named === undefined) await note(`policy ${defaultPolicyFile}`);
  // Loaded on demand: the parser and the schema are a third of the start-up time, and the defaults need neither.
  const { loadPolicy } = await import('../core/policy/load.ts');
  return loadPolicy((await readUserFile(file, 'the policy file', io)).toString('utf8'), file);
}

/** A policy called keysweep.yml would be passed over in silence, and with it its exemptions. */
async function refuseMisnamed(io: Io): Promise<void> {
  for (const lookalike of ['keysweep.yml', '.keysweep.yaml', '.keysweep.yml']) {
    if (!(await exists(lookalike, io))) continue;
    throw new KeysweepError(
      'PolicyMisnamed',
      `found ${lookalike}, but the policy file is called ${defaultPolicyFile}`,
      {
        hint: `Rename it, or name it: --policy ${lookalike}`,
      },
    );
  }
}
