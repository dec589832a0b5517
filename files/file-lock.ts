/**
 * An exclusive lock between processes: the file PATH.lock, which names its holder.
 *
 * The lock of a process that has ended is taken over. Of two processes that try, at most one may succeed, and neither may
 * remove the other's lock by mistake, so nothing is removed without proof: to succeed a dead holder, a process creates
 * PATH.lock.TOKEN, with the token of the dead holder's lock. Only one such file can exist; its owner replaces the dead
 * holder's lock with its own. If the successor dies before that, it is succeeded in the same way, by its own token.
 */
import { randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { KeysweepError } from '../core/error.ts';
import { codeOf, isMissing, removeIfPresent } from './durable-file.ts';
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

/** The content of a lock file. */
type LockHolder = z.infer<typeof holderSchema>;

/** Attempts to take a lock that changes faster than it can be read. */
const maxAttempts = 100;

/** The suffix of the name under which a lock is first written. */
const unfinished = /\.[\da-f-]{36}\.tmp$/;

export interface FileLock {
  /** False if another process removed or replaced the lock file. */
  isIntact(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Takes the lock of a file, or throws at once.
 * @throws KeysweepError LedgerLocked with the holder
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
        // The lock holder removed it as a leftover while it was being written.
        await writeLock(own, holder);
        continue;
      }
      await removeLeftovers(root);
      return ownLock(root, holder.token);
    }
  } finally {
    await removeIfPresent(own);
  }
  throw new KeysweepError('LedgerLocked', `other processes keep locking ${path}`, { hint: 'Try again later.' });
}

/** False: the lock changed meanwhile; try again. */
async function tryToLock(path: string, root: string, own: string, token: string): Promise<boolean> {
  if (await linkIfFree(own, root)) return true;
  const first = await readLock(root, path);
  let last = first;
  while (last !== undefined && first !== undefined) {
    if (stateOfProcess(last) !== 'ended') throw locked(path, root, last);
    const claim = `${root}.${last.token}`;
    if (await linkIfFree(own, claim)) {
      // The claim counts only while the dead holder's lock is still there: only its successor replaces it.
      if ((await readLock(root, path))?.token !== first.token) {
        await removeIfPresent(claim);
        return false;
      }
      await rename(own, root);
      await removeIfPresent(claim);
      return (await readLock(root, path))?.token === token;
    }
    last = await readLock(claim, path);
  }
  return false;
}

function ownLock(root: string, token: string): FileLock {
  const isIntact = async () => {
    try {
      return (JSON.parse(await readFile(root, 'utf8')) as Partial<LockHolder>).token === token;
    } catch {
      return false;
    }
  };
  return {
    isIntact,
    release: async () => {
      if (await isIntact()) await removeIfPresent(root);
    },
  };
}

async function writeLock(file: string, holder: LockHolder): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(holder)}\n`);
    // Otherwise a power failure could leave an unreadable lock.
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file a second name, if that name is free. Unlike a copy, it is never seen half written. */
async function linkIfFree(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined if there is none. @throws KeysweepError LedgerLocked for a file that is not a keysweep lock */
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
    hint: `Make sure that no keysweep process is using it, then delete ${file}`,
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
  return new KeysweepError('LedgerLocked', `${path} has been in use by process ${pid}${other} since ${since}`, {
    hint: `Wait until it ends. If you are sure that it no longer exists, delete ${root}`,
  });
}

/**
 * Removes files left behind by processes that died while taking the lock. An empty file belongs to a process that died
 * before writing it, or that is about to write it and then writes it again (see `lockFile`).
 */
async function removeLeftovers(root: string): Promise<void> {
  const folder = dirname(root);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(root)}.`)) continue;
    const file = join(folder, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder === undefined ? unfinished.test(name) : stateOfProcess(holder) === 'ended') await removeIfPresent(file);
  }
}
