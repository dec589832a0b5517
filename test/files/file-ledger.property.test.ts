import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Ledger } from '../../core/lifecycle/ledger.ts';
import { type FileLedger, openFileLedger } from '../../files/file-ledger.ts';
import { account, eventFor, fullEntry, ledgerEntry, otherAccount, sweepRecord } from '../support/ledger-builder.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();
const ids = ['AKIA1', 'AKIA12', 'AKIB'];
const accounts = [account, otherAccount];
const farFuture = new Date('2040-01-01T00:00:00.000Z');

/** `ahead`: how far the version written is from the one that would be right. */
const writeStep = fc.record({
  kind: fc.constant('write' as const),
  account: fc.constantFrom(...accounts),
  id: fc.constantFrom(...ids),
  ahead: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -3, max: 2 }) }),
  full: fc.boolean(),
  since: fc.date({ min: new Date('2020-01-01'), max: farFuture, noInvalidDate: true }),
  detail: fc.string({ unit: 'grapheme' }),
});
const sweepStep = fc.record({
  kind: fc.constant('sweep' as const),
  id: fc.constantFrom('s1', 's2'),
  startedAt: fc.date({ min: new Date(0), max: farFuture, noInvalidDate: true }),
});
const change = fc.oneof({ weight: 4, arbitrary: writeStep }, { weight: 1, arbitrary: sweepStep });
const step = fc.oneof(
  { weight: 6, arbitrary: change },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), compactAbove: fc.nat(6) }) },
  /** `kept`: how much of the line of the change that was under way is on the disk. */
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      change,
      kept: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
);

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

async function apply(ledger: Ledger, what: Change): Promise<unknown> {
  if (what.kind === 'sweep') {
    return ledger.writeSweep(sweepRecord(what.id, { startedAt: what.startedAt, expiresAt: farFuture }));
  }
  const { id, account, full, since, detail } = what;
  const version = Math.max(1, ((await ledger.entry(account, id))?.version ?? 0) + 1 + what.ahead);
  const fields = { account, version, since };
  const entry = full ? fullEntry(id, fields) : ledgerEntry(id, fields);
  return ledger.write(entry, eventFor(entry, { detail }));
}

async function contentOf(ledger: Ledger): Promise<unknown> {
  const content = [];
  for (const owner of accounts) {
    content.push((await ledger.entries(owner)).entries);
    for (const id of ids) content.push(await ledger.events(owner, id));
    for (const id of ['s1', 's2']) content.push(await ledger.sweep(owner, id));
  }
  return content;
}

it('any sequence of writes, conflicts, restarts and crashes leaves what the model holds', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      run += 1;
      let generation = 0;
      let path = join(scratch.path, `${run}-0.jsonl`);
      let ledger: FileLedger = await openFileLedger(path);
      const model = createMemoryLedger();
      for (const what of steps) {
        if (what.kind === 'reopen') {
          await ledger.close();
          ledger = await openFileLedger(path, { compactAbove: what.compactAbove });
        } else if (what.kind === 'crash') {
          // As the disk is after a crash: the file with a part of the line, and a lock that no one holds.
          const before = (await stat(path)).size;
          await apply(ledger, what.change);
          const line = (await stat(path)).size - before;
          const kept = Math.floor(what.kept * line);
          const next = join(scratch.path, `${run}-${++generation}.jsonl`);
          await copyFile(path, next);
          await truncate(next, before + kept);
          const lock = JSON.parse(await readFile(`${path}.lock`, 'utf8'));
          await writeFile(`${next}.lock`, JSON.stringify({ ...lock, boot: 'earlier' }));
          await ledger.close();
          // Without its line break a line is whole.
          if (kept >= line - 1) await apply(model, what.change);
          path = next;
          ledger = await openFileLedger(path);
        } else {
          expect(await apply(ledger, what)).toEqual(await apply(model, what));
        }
        expect(await contentOf(ledger)).toStrictEqual(await contentOf(model));
      }
      await ledger.close();
    }),
    { numRuns: 60 },
  );
});
