/**
 * An exclusive lock between processes: the file PATH.lock, which names its holder.
 *
 * The lock of a process that is gone is taken over. Two who try must not both succeed, and none may remove the lock of
 * the other by mistake, so nothing is ever removed on suspicion: to succeed a dead holder one creates PATH.lock.TOKEN,
 * with the token of the dead one's lock. There can be one such file only; its owner puts its own lock in the place of
 * the dead one. Where the successor dies before that, it is succeeded in the same way, by its own token.
 */
import { randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { KeysweepError } from '../core/error.ts';
import { codeOf, isMissing, removeIfThere } from './durable-file.ts';
import { identifyProcess, stateOfProcess } from './process-identity.ts';

const holderSchema = z.object({
  token: z.uuid(),
  host: z.string(),
  pid: z.int(),
  startTicks: z.nullable(z.string()),
  boot: z.nullable(z.string()),
  pidNamespace: z.nullable(z.string()),
  /** ISO 8601, for people. */
  since: z.string(),
});

/** What a lock file says. */
type LockHolder = z.infer<typeof holderSchema>;

/** Someone's claim on a lock that changes faster than it can be read is not worth more attempts than this. */
const maxAttempts = 100;

/** The end of the name under which a lock is written before it is tried. */
const unfinished = /\.[\da-f-]{36}\.tmp$/;

export interface FileLock {
  /** False where someone removed or replaced the lock file. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Takes the lock of a file, or throws at once.
 * @throws KeysweepError LedgerLocked with who holds it
 */
export async function lockFile(path: string): Promise<FileLock> {
  const root = `${path}.lock`;
  const holder: LockHolder = { token: randomUUID(), ...identifyProcess(), since: new Date().toISOString() };
  const own = `${root}.${holder.token}.tmp`;
  await writeLock(own, holder);
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      try {
        if (!(await tryToLock(path, root, own, holder.token))) continue;
      } catch (error) {
        if (!isMissing(error)) throw error;
        // Whoever held the lock took it for a leftover while it was being written.
        await writeLock(own, holder);
        continue;
      }
      await removeLeftovers(root);
      return heldLock(root, holder.token);
    }
  } finally {
    await removeIfThere(own);
  }
  throw new KeysweepError('LedgerLocked', `others keep locking ${path}`, { hint: 'try again later' });
}

/** False: the lock changed meanwhile, try again. */
async function tryToLock(path: string, root: string, own: string, token: string): Promise<boolean> {
  if (await linkIfFree(own, root)) return true;
  const first = await readLock(root, path);
  let last = first;
  while (last !== undefined && first !== undefined) {
    if (stateOfProcess(last) !== 'gone') throw locked(path, root, last);
    const claim = `${root}.${last.token}`;
    if (await linkIfFree(own, claim)) {
      // The claim counts only while the lock is still that of the dead one: no other than its successor replaces it.
      if ((await readLock(root, path))?.token !== first.token) {
        await removeIfThere(claim);
        return false;
      }
      await rename(own, root);
      await removeIfThere(claim);
      return (await readLock(root, path))?.token === token;
    }
    last = await readLock(claim, path);
  }
  return false;
}

function heldLock(root: string, token: string): FileLock {
  const isHeld = async () => {
    try {
      return (JSON.parse(await readFile(root, 'utf8')) as Partial<LockHolder>).token === token;
    } catch {
      return false;
    }
  };
  return {
    isHeld,
    release: async () => {
      if (await isHeld()) await removeIfThere(root);
    },
  };
}

async function writeLock(file: string, holder: LockHolder): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(holder)}\n`);
    // Else a power failure could leave a lock that no one can read.
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file a second name, where that name is free. Unlike a copy, it is never seen half written. */
async function linkIfFree(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined where there is none. @throws KeysweepError LedgerLocked for what is no lock of keysweep */
async function readLock(file: string, path: string): Promise<LockHolder | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const holder = parseHolder(text);
  if (holder !== undefined) return holder;
  throw new KeysweepError('LedgerLocked', `${path} is locked, and its lock ${file} cannot be read`, {
    hint: `make sure that no keysweep works on it, then delete ${file}`,
  });
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    return z.parse(holderSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

function locked(path: string, root: string, { pid, host, since }: LockHolder): KeysweepError {
  const other = host === identifyProcess().host ? '' : ` on ${host}`;
  return new KeysweepError('LedgerLocked', `${path} is in use by process ${pid}${other} since ${since}`, {
    hint: `wait until it is done; if you are sure that it no longer exists, delete ${root}`,
  });
}

/**
 * Removes what processes left behind that died while they were after the lock. A file that says nothing yet is that of
 * one who died before writing it, or is about to write it and then writes it again (see `lockFile`).
 */
async function removeLeftovers(root: string): Promise<void> {
  const folder = dirname(root);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(root)}.`)) continue;
    const file = join(folder, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder === undefined ? unfinished.test(name) : stateOfProcess(holder) === 'gone') await removeIfThere(file);
  }
}
