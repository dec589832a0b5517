import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { openFileLedger } from '../../files/file-ledger.ts';
import { ended, moduleProcess } from '../support/child-process.ts';
import { account, eventFor, ledgerEntry } from '../support/ledger-builder.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();
const writer = moduleProcess(new URL('ledger-writer.ts', import.meta.url));
const kills = 15;

/** Lets a writer work until it has acknowledged so many writes, kills it then, and gives all that it acknowledged. */
async function writeAndKill(path: string, writes: number): Promise<readonly string[]> {
  const child = writer.start(path);
  if (child.stdout === null) throw new Error('the writer has no stdout');
  let lines = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    lines += chunk.toString().split('\n').length - 1;
    if (lines > writes) child.kill('SIGKILL');
  });
  const [said, end] = await Promise.all([text(child.stdout), ended(child)]);
  expect(end).toBe('SIGKILL');
  return said.trim().split('\n');
}

it('a ledger whose writer is killed again and again holds every acknowledged write, and nothing torn', async () => {
  const path = join(scratch.path, 'ledger.jsonl');
  const versions = new Map<string, number>();
  let sweptAt = 0;
  for (let kill = 0; kill < kills; kill++) {
    // 13 lines a round: the kills fall before, into and behind opening, writing and closing.
    const said = await writeAndKill(path, 5 + kill * 4);
    for (const [kind, id = '', value] of said.map((line) => line.split(' '))) {
      if (kind === 'entry') versions.set(id, Number(value));
      if (kind === 'sweep') sweptAt = Number(value);
    }
    const ledger = await openFileLedger(path, { compactAbove: kill % 2 === 0 ? 1_000 : 0 });
    let ahead = 0;
    for (const [id, acknowledged] of versions) {
      const entry = await ledger.entry(account, id);
      expect(entry).toStrictEqual(ledgerEntry(id, { version: entry?.version ?? 0 }));
      ahead += (entry?.version ?? 0) - acknowledged;
      expect(entry?.version).toBeGreaterThanOrEqual(acknowledged);
      const events = await ledger.events(account, id);
      expect(events).toStrictEqual(events.map((_, n) => eventFor(ledgerEntry(id, { version: n + 1 }))));
      expect(events).toHaveLength(entry?.version ?? 0);
    }
    // The one write that was under way may have been done without anyone having been notified.
    expect(ahead).toBeLessThanOrEqual(1);
    expect((await ledger.sweep(account, 'last'))?.endedAt?.getTime() ?? 0).toBeGreaterThanOrEqual(sweptAt);
    await ledger.close();
    expect(await readdir(scratch.path)).toEqual(['ledger.jsonl']);
  }
});
