/** Hand-made sweep results, for tests of what is made of them. */
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { account, asOf, user } from './audit-fixture.ts';

function names(id: string, name: string) {
  const { arn } = user(name);
  return { credential: { kind: 'access-key', id }, principal: { kind: 'user', name, arn } } as const;
}

export const sweptAt = asOf;

/** One of everything. */
export const mixedSweep: SweepResult = {
  sweep: '2026-11-22T02:30:00.000Z/1',
  account,
  mode: 'enforce',
  dryRun: false,
  startedAt: sweptAt,
  outcome: 'partial',
  problems: ['people could not yet be notified that an announced change was not made: TimedOut'],
  actions: [
    {
      type: 'deactivate',
      ...names('AKIADUEAAAAAAAAAAAAA', 'alice'),
      reasons: ['unused', 'too-old'],
      why: 'unused for 120 days (limit 45)',
      dueAt: new Date('2026-11-21T02:30:00Z'),
      outcome: 'applied',
    },
    {
      type: 'delete',
      ...names('AKIADOOMEDAAAAAAAAAA', 'alice'),
      reasons: ['unused'],
      why: 'deactivated 30 days ago',
      dueAt: new Date('2026-11-22T02:30:00Z'),
      outcome: 'failed',
      detail: 'AccessDenied: the caller lacks iam:DeleteAccessKey',
    },
    {
      type: 'warn',
      notice: 'first-notice',
      about: 'rotate',
      ...names('AKIANEWAAAAAAAAAAAAA', 'bob'),
      reasons: ['too-old'],
      why: 'created 200 days ago (limit 90)',
      dueAt: new Date('2026-12-06T02:30:00Z'),
      outcome: 'applied',
    },
    {
      type: 'observe',
      change: 'restored',
      ...names('AKIARESTOREDAAAAAAAA', 'erin'),
      reasons: ['unused'],
      why: 'it was deactivated, but is active again',
      outcome: 'skipped',
      detail: 'superseded: a concurrent run, or a restore, has written about it to the ledger',
    },
    {
      type: 'resolve',
      ...names('AKIAUSEDAAAAAAAAAAAA', 'frank'),
      reasons: ['unused'],
      why: 'no rule fails for it any longer',
      outcome: 'deferred',
    },
  ],
  skipped: [
    { skipReason: 'cap', ...names('AKIALATERAAAAAAAAAAA', 'gina'), why: 'deferred: maxDeactivations allows 1 of 2' },
    {
      skipReason: 'waiting',
      ...names('AKIAWAITAAAAAAAAAAAA', 'hank'),
      why: 'will be deactivated: unused for 60 days (limit 45)',
      until: new Date('2026-11-30T02:30:00Z'),
    },
    {
      skipReason: 'in-use',
      ...names('AKIAINUSEAAAAAAAAAAA', 'ida'),
      why: 'in use, so it stays active: created 401 days ago (limit 90)',
      until: new Date('2026-12-04T02:30:00Z'),
    },
    {
      skipReason: 'mode',
      ...names('AKIAOVERDUEAAAAAAAAA', 'jon'),
      why: 'overdue since 2026-11-20; mode warn changes nothing',
      until: new Date('2026-11-20T02:30:00Z'),
    },
  ],
  stats: { requests: { 'iam:UpdateAccessKey': 1, 'iam:ListAccessKeys': 2 } },
};
