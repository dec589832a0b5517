/** A real process that sweeps, killed at each of its requests, and run again: as if nothing had happened. */

import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import { openFileLedger } from '../../files/file-ledger.ts';
import { type AccountSeed, type ActiveFault, type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { ended, moduleProcess } from '../support/child-process.ts';
import { listenTo } from '../support/listeners.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const cli = moduleProcess(new URL('../../bin/keysweep.ts', import.meta.url));
const scratch = scratchDirectory();

const account = '111122223333';
const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const ago = (age: number) => new Date(now.getTime() - age);

const doomed = 'AKIADOOMEDAAAAAAAAAA';
const due = 'AKIADUEAAAAAAAAAAAAA';
const stale = 'AKIASTALEAAAAAAAAAAA';
const busy = 'AKIABUSYAAAAAAAAAAAA';

const key = (id: string, idle: number, status: 'Active' | 'Inactive' = 'Active') => ({
  id,
  status,
  createdAt: ago(200 * DAY).toISOString(),
  lastUsed: { at: ago(idle).toISOString(), service: 's3' },
});

const seed: AccountSeed = {
  id: account,
  now: now.toISOString(),
  root: { createdAt: ago(900 * DAY).toISOString(), mfa: true },
  users: [
    { name: 'alice', accessKeys: [key(doomed, 120 * DAY, 'Inactive'), key(due, 100 * DAY)] },
    { name: 'bob', accessKeys: [key(stale, 90 * DAY)] },
    { name: 'carol', accessKeys: [key(busy, HOUR)] },
  ],
};

const policy = `version: 1
mode: enforce
accessKeys: { maxAge: 300d }
calendar: { days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun] }
`;

/** What earlier sweeps have recorded: one key to delete, one to deactivate, one warned and in use again. */
const entries: readonly Omit<LedgerEntry, 'account' | 'principal' | 'createdAt' | 'version' | 'updatedAt' | 'rules'>[] =
  [
    {
      credential: { kind: 'access-key', id: doomed },
      stage: 'deactivated',
      since: ago(31 * DAY),
      deactivation: { at: ago(31 * DAY), by: 'keysweep', deleteAt: ago(DAY), finalNoticeAt: ago(2 * DAY) },
    },
    ...[due, busy].map((id) => ({
      credential: { kind: 'access-key' as const, id },
      stage: 'warned' as const,
      since: ago(15 * DAY),
      warning: {
        firstNoticeAt: ago(15 * DAY),
        lastNoticeAt: ago(2 * DAY),
        deactivateAt: ago(DAY),
        finalNoticeAt: ago(2 * DAY),
      },
    })),
  ];

async function writeLedger(path: string): Promise<void> {
  const ledger = await openFileLedger(path);
  for (const fields of entries) {
    const { credential, stage, since } = fields;
    const name = credential.id === busy ? 'carol' : 'alice';
    const principal = { kind: 'user', name, arn: `arn:aws:iam::${account}:user/${name}` } as const;
    // As many writes as it takes to record so much.
    for (let version = 1; version <= 4; version++) {
      const common = { account, credential, version };
      const entry = { ...common, ...fields, principal, createdAt: ago(200 * DAY), updatedAt: ago(2 * DAY) };
      await ledger.write(
        { ...entry, rules: ['access-key-unused'] },
        {
          ...common,
          at: since,
          sweep: 'earlier',
          type: 'warned',
          by: 'keysweep',
          from: 'compliant',
          to: stage,
          detail: 'for a test',
        },
      );
    }
  }
  await ledger.close();
}

function sweep(sandbox: Sandbox, ledger: string): ChildProcess {
  const [program, ...args] = cli.command(
    ...['sweep', '--enforce', '--yes', '--ledger', `file:${ledger}`, '--policy', join(scratch.path, 'keysweep.yaml')],
    ...['--topic-arn', listenTo(sandbox, 'digests'), '--output', 'json', '--quiet'],
  );
  const { AWS_PROFILE: _, ...env } = process.env;
  return spawn(program, args, { stdio: 'ignore', env: { ...env, ...sandbox.environment } });
}

/** Status of each key, stage of each entry, what was written to IAM and sent to people, each once. */
async function outcomeOf(sandbox: Sandbox, ledgerPath: string) {
  const ledger = await openFileLedger(ledgerPath);
  const stages = (await ledger.entries(account)).entries.map(
    ({ credential, stage, intent }) => `${credential.id} ${stage} ${intent?.action ?? ''}`,
  );
  await ledger.close();
  const keys = sandbox.account
    .users()
    .flatMap(({ accessKeys }) => accessKeys.map(({ id, status }) => `${id} ${status}`));
  const notified = [doomed, due, stale, busy].filter((id) => sandbox.messages.some(({ body }) => body.includes(id)));
  const changes = sandbox.writes.filter(({ statusBefore, statusAfter }) => statusBefore !== statusAfter);
  return {
    stages,
    keys,
    notified,
    changes: changes.map(({ action, accessKeyId }) => `${action} ${accessKeyId}`).sort(),
  };
}

/** Resolves when the fault has caught its request, which then waits for an answer that never comes. */
async function isHit(fault: ActiveFault): Promise<'hit'> {
  await vi.waitFor(() => expect(fault.hits).toBe(1), { timeout: 60_000, interval: 5 }).catch(() => {});
  return 'hit';
}

/** Runs a sweep that is killed at its n-th request, then another one. `killed` is false where it never came so far. */
async function killAndRunAgain(nth: number | undefined, applied: boolean) {
  const ledger = join(scratch.path, `ledger-${nth ?? 'none'}-${applied}.jsonl`);
  await copyFile(join(scratch.path, 'ledger.jsonl'), ledger);
  const sandbox = await startSandbox({ seed, clock: 'running', now: new Date() });
  try {
    const fault = nth === undefined ? undefined : sandbox.faults.add({ action: '*', nth, kind: 'timeout', applied });
    const child = sweep(sandbox, ledger);
    const end = ended(child);
    const hit = fault === undefined ? new Promise<never>(() => {}) : isHit(fault);
    const first = await Promise.race([end.then((exit) => ({ exit })), hit]);
    if (first !== 'hit') return { killed: false, exit: first.exit, outcome: await outcomeOf(sandbox, ledger) };
    child.kill('SIGKILL');
    await end;
    sandbox.faults.clear();
    const exit = await ended(sweep(sandbox, ledger));
    return { killed: true, exit, outcome: await outcomeOf(sandbox, ledger) };
  } finally {
    await sandbox.close();
  }
}

it('a sweep that is killed at any of its requests is made good by the next one', async () => {
  await writeFile(join(scratch.path, 'keysweep.yaml'), policy);
  await writeLedger(join(scratch.path, 'ledger.jsonl'));
  const undisturbed = await killAndRunAgain(undefined, false);
  expect(undisturbed).toMatchObject({
    exit: 0,
    outcome: {
      changes: [`iam:DeleteAccessKey ${doomed}`, `iam:UpdateAccessKey ${due}`],
      notified: [doomed, due, stale, busy],
    },
  });
  let kills = 0;
  for (const applied of [false, true]) {
    for (let nth = 1; ; nth++) {
      const { killed, exit, outcome } = await killAndRunAgain(nth, applied);
      expect(outcome, `killed at request ${nth}, ${applied ? 'after' : 'before'} it took effect`).toEqual(
        undisturbed.outcome,
      );
      expect(exit, `the sweep after the kill at request ${nth}`).toBe(0);
      if (!killed) break;
      kills++;
    }
  }
  expect(kills).toBeGreaterThan(20);
});
