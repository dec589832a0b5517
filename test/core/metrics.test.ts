import { describe, expect, it } from 'vitest';
import { summarize } from '../../core/audit.ts';
import { DAY } from '../../core/duration.ts';
import { takeSnapshot } from '../../core/lifecycle/snapshot.ts';
import { auditMetrics, type Metric, sweepMetrics } from '../../core/metrics.ts';
import { createEvaluator } from '../../core/rules/evaluate.ts';
import { ledgerEntry } from '../support/ledger-builder.ts';
import { accessKey, ago, asOf, known, observation, policyWith, unknown, user } from '../support/observation-builder.ts';
import { mixedSweep } from '../support/sweep-fixture.ts';

const cost = { requests: { 'iam:ListAccessKeys': 3, 'sts:GetCallerIdentity': 1 }, throttles: 2, duration: 812 };

function valuesOf(metrics: readonly Metric[]): Readonly<Record<string, number>> {
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

function auditOf(...users: Parameters<typeof observation>[0]) {
  const seen = observation(users);
  return takeSnapshot(
    seen,
    summarize(seen, createEvaluator(seen, policyWith(), asOf), { requests: {}, durationMs: 0 }),
  );
}

describe('auditMetrics', () => {
  it('counts findings by severity, keys, cost, and one completed run', () => {
    const old = accessKey({ createdAt: known(ago(200 * DAY)) });
    const inactive = accessKey({ createdAt: known(ago(300 * DAY)), status: known('Inactive') });
    const metrics = auditMetrics(auditOf(user({ credentials: [old] }), user({ credentials: [inactive] }, 'bob')), cost);
    expect(valuesOf(metrics)).toMatchObject({
      FindingsCritical: 0,
      FindingsUnjudged: 0,
      ActiveKeys: 1,
      // The inactive one is older.
      OldestActiveKey: (200 * DAY) / 1000,
      Requests: 4,
      Throttles: 2,
      Duration: 812,
      CompletedRuns: 1,
      PartialRuns: 0,
    });
    const found = valuesOf(metrics);
    const sum = ['FindingsCritical', 'FindingsHigh', 'FindingsMedium', 'FindingsLow'].map((name) => found[name] ?? 0);
    expect(sum.reduce((a, b) => a + b)).toBeGreaterThan(0);
  });

  it('is partial where something could not be judged', () => {
    const doubtful = accessKey({ createdAt: unknown(), lastUse: { kind: 'unknown', why: 'denied' } });
    const values = valuesOf(auditMetrics(auditOf(user({ credentials: [doubtful] })), cost));
    expect(values.FindingsUnjudged).toBeGreaterThan(0);
    expect(values).toMatchObject({ CompletedRuns: 1, PartialRuns: 1, OldestActiveKey: 0 });
  });
});

describe('sweepMetrics', () => {
  const entries = [
    ledgerEntry('A'),
    ledgerEntry('B', { stage: 'deactivated' }),
    ledgerEntry('C', { stage: 'deleted' }),
    ledgerEntry('D', { stage: 'deleted' }),
    ledgerEntry('E', { stage: 'restored' }),
  ];

  it('counts keys by stage and what a cap deferred', () => {
    const capped = mixedSweep.skipped.filter(({ skipReason }) => skipReason === 'cap').length;
    expect(valuesOf(sweepMetrics(mixedSweep, entries, cost))).toMatchObject({
      KeysWarned: 1,
      KeysDeactivated: 1,
      KeysDeleted: 2,
      DeferredByCap: capped,
      BlockedByAws: 0,
    });
  });

  it('counts no key where no one knows the ledger, not even as zero', () => {
    const names = sweepMetrics(mixedSweep, undefined, cost).map(({ name }) => name);
    const all = sweepMetrics(mixedSweep, entries, cost).map(({ name }) => name);
    expect(names).toEqual(all.filter((name) => !name.startsWith('Keys')));
    expect(names).toContain('CompletedRuns');
  });

  it.each([
    ['complete', 1, 0],
    ['partial', 1, 1],
    ['failed', 0, 0],
  ] as const)('%s: %i completed, %i partial', (outcome, CompletedRuns, PartialRuns) => {
    const values = valuesOf(sweepMetrics({ ...mixedSweep, outcome }, [], cost));
    expect(values).toMatchObject({ CompletedRuns, PartialRuns });
  });
});
