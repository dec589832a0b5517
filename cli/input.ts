/** What users hand over: the policy, other files, and stdin. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KeysweepError } from '../core/error.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import type { Policy } from '../core/policy/policy.ts';
import { codeOf, reasonOf } from './errors.ts';
import type { Io } from './io.ts';
import type { Note } from './notes.ts';

/** The policy file that is read where none is named. */
export const defaultPolicyFile = 'keysweep.yaml';

/**
 * The policy of a run: of the file named, else of ./keysweep.yaml, else the defaults, which the user is notified.
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

/** The bytes of a file that the user named. Throws KeysweepError `FileUnreadable`, saying what the file was wanted for. */
export async function readUserFile(
  file: string,
  purpose: string,
  io: Io,
  hint = 'Check the path; relative paths start at the current directory.',
): Promise<Buffer> {
  try {
    return await readFile(resolve(io.directory, file));
  } catch (error) {
    throw new KeysweepError('FileUnreadable', `cannot read ${purpose} ${file}: ${reasonOf(error)}`, {
      hint,
      cause: error,
    });
  }
}

/** All of standard input. */
export async function readStdin(io: Io): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin.bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** True where something of this name exists, of whatever kind. */
export async function exists(file: string, io: Io): Promise<boolean> {
  return (await statOrUndefined(resolve(io.directory, file))) !== undefined;
}

/** What is at this path, links followed; undefined where nothing is. */
export async function statOrUndefined(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}
