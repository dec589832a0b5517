/** What users provide: the policy, other files, and stdin. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KeysweepError } from '../core/error.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import type { Policy } from '../core/policy/policy.ts';
import { codeOf, reasonOf } from './errors.ts';
import type { Io } from './io.ts';
import type { Note } from './notes.ts';

/** The policy file that is read if none is named. */
export const defaultPolicyFile = 'keysweep.yaml';

/** A policy, and the file that it is from; without a file the built-in defaults. */
export interface PolicyOfRun {
  readonly policy: Policy;
  readonly file?: string;
}

/**
 * The policy of a run: of the file named, else of ./keysweep.yaml, else the defaults, with a note for the user.
 * Throws KeysweepError `PolicyInvalid` or `FileUnreadable`, and `PolicyMisnamed` if a policy would be overlooked.
 */
export async function readPolicy(named: string | undefined, io: Io, note: Note): Promise<PolicyOfRun> {
  const file = named ?? ((await exists(defaultPolicyFile, io)) ? defaultPolicyFile : undefined);
  if (file === undefined) {
    await refuseMisnamed(io);
    await note(`no ${defaultPolicyFile} here, so the default policy applies (keysweep init writes a starter policy)`);
    return { policy: defaultPolicy };
  }
  if (named === undefined) await note(`using policy ${defaultPolicyFile}`);
  // Loaded on demand: the parser and the schema take a third of the start-up time, and the defaults need neither.
  const { loadPolicy } = await import('../core/policy/load.ts');
  return { policy: loadPolicy((await readUserFile(file, 'the policy file', io)).toString('utf8'), file), file };
}

/** A policy named keysweep.yml would be silently ignored, and its exemptions with it. */
async function refuseMisnamed(io: Io): Promise<void> {
  for (const lookalike of ['keysweep.yml', '.keysweep.yaml', '.keysweep.yml']) {
    if (!(await exists(lookalike, io))) continue;
    throw new KeysweepError(
      'PolicyMisnamed',
      `found ${lookalike}, but the policy file must be named ${defaultPolicyFile}`,
      {
        hint: `Rename it, or use --policy ${lookalike}.`,
      },
    );
  }
}

/** The bytes of a file that the user named. Throws KeysweepError `FileUnreadable`, saying what the file is for. */
export async function readUserFile(
  file: string,
  purpose: string,
  io: Io,
  hint = 'Check the path. Relative paths start at the current directory.',
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

/** True if anything of this name exists. */
export async function exists(file: string, io: Io): Promise<boolean> {
  return (await statOrUndefined(resolve(io.directory, file))) !== undefined;
}

/** What is at this path, with links followed; undefined if there is nothing. */
export async function statOrUndefined(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}
