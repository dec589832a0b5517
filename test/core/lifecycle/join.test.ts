import { expect, it } from 'vitest';
import { summarize } from '../../../core/audit.ts';
import { DAY } from '../../../core/duration.ts';
import { buildStates } from '../../../core/lifecycle/join.ts';
import type { LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import { takeSnapshot } from '../../../core/lifecycle/snapshot.ts';
import type { ObservedCredential } from '../../../core/model.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { createEvaluator } from '../../../core/rules/evaluate.ts';
import { deactivated, now, past } from '../../support/lifecycle-builder.ts';
import { account } from '../../support/report-builder.ts';

const createdAt = past(200 * DAY);

/** One slot of the report, which names no id. */
const slot: ObservedCredential = {
  ref: { kind: 'access-key', slot: 1 },
  status: { known: true, value: 'Inactive' },
  createdAt: { known: true, value: createdAt },
  lastUse: { kind: 'never' },
  source: 'report',
};

const observation = {
  account: { id: account, partition: 'aws' },
  report: { rows: 1, generatedAt: past(0) },
  users: [
    {
      principal: { kind: 'user', name: 'alice', arn: `arn:aws:iam::${account}:user/alice` },
      createdAt: { known: true, value: past(300 * DAY) },
      password: { enabled: { known: true, value: false }, lastUse: { kind: 'never' } },
      mfaActive: { known: true, value: false },
      certificates: [],
      credentials: [slot],
      tags: { known: true, value: {} },
    },
  ],
} as const;

const snapshot = takeSnapshot(
  observation,
  summarize(observation, createEvaluator(observation, defaultPolicy, now), { requests: {}, durationMs: 0 }),
);

function remembered(id: string): LedgerEntry {
  return { ...deactivated(20 * DAY), createdAt, credential: { kind: 'access-key', id } };
}

it('a slot is the key of the only entry of its user and second', () => {
  const [state] = buildStates(snapshot, [remembered('AKIAONE')]);
  expect(state?.liveStatus).toMatchObject({ kind: 'seen', status: 'Inactive' });
});

it('two entries of one user and second and a single slot: only a fresh read shows which of them is left', () => {
  const states = buildStates(snapshot, [remembered('AKIAONE'), remembered('AKIATWO')]);
  expect(states.map(({ liveStatus }) => liveStatus)).toMatchObject([
    { kind: 'unknown', refresh: true },
    { kind: 'unknown', refresh: true },
  ]);
});
