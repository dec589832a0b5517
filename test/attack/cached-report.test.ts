/** AWS makes no new credential report: the one that it still holds is judged, and acted on only while it is young enough. */
import { describe, expect, it } from 'vitest';
import { HOUR } from '../../core/duration.ts';
import type { FaultEffect } from '../../sandbox/index.ts';
import { actionsOf, enforcePolicy, openSweepWorld, unusedKey } from '../support/sweep-world.ts';

const policy = enforcePolicy();
const report = { generation: { polls: 0 }, whenExpired: 'serve', maxAgeMs: 100 * HOUR } as const;

async function openWithCachedReport(age: number, effect: FaultEffect) {
  const world = await openSweepWorld({ sandbox: { report } });
  await world.auditNow(policy);
  world.sandbox.clock.advance(age);
  const fault = world.sandbox.faults.add({ action: 'iam:GenerateCredentialReport', ...effect });
  return { world, fault };
}

const effects: [string, FaultEffect, string][] = [
  ['LimitExceeded', { kind: 'error', code: 'LimitExceeded' }, 'LimitExceeded'],
  ['throttled', { kind: 'throttle' }, 'Rate exceeded'],
  ['HTTP 500', { kind: 'server-error' }, 'HTTP 500'],
  ['denied', { kind: 'denied' }, 'the caller lacks iam:GenerateCredentialReport'],
];

describe.each(effects)('GenerateCredentialReport to the end %s', (_, effect, why) => {
  it('findings come from the cached report, which says why it was not renewed', async () => {
    const { world } = await openWithCachedReport(3 * HOUR, effect);
    const { audit } = await world.auditNow(policy);
    expect(audit.report.notRenewed).toContain(why);
    expect(audit.findings.some(({ rule }) => rule === 'access-key-never-used')).toBe(true);
    expect(audit.findings.some(({ rule }) => rule === 'report-stale')).toBe(false);
  });

  it('one over maxReportAge leads to findings, and to nothing else', async () => {
    const { world, fault } = await openWithCachedReport(30 * HOUR, effect);
    const result = await world.sweep(policy);
    expect(result.outcome).toBe('partial');
    expect(actionsOf(result)).toEqual([]);
    expect(result.skipped.find(({ credential }) => credential.id === unusedKey)).toMatchObject({
      skipReason: 'report-stale',
    });
    const { audit } = await world.auditNow(policy);
    const stale = audit.findings.find(({ rule }) => rule === 'report-stale');
    expect(stale).toMatchObject({ status: 'fail', reason: expect.stringContaining(why) });
    fault.remove();
  });
});

it('a request that AWS throttles is repeated here and by no one else, so that the reason is known', async () => {
  const { world } = await openWithCachedReport(3 * HOUR, { kind: 'throttle' });
  const before = world.sandbox.requestCounts()['iam:GenerateCredentialReport'] ?? 0;
  const { audit } = await world.auditNow(policy);
  const sent = (world.sandbox.requestCounts()['iam:GenerateCredentialReport'] ?? 0) - before;
  expect(audit.report.notRenewed).toMatch(/^iam:GenerateCredentialReport failed with Throttling: Rate exceeded/);
  expect(sent).toBeGreaterThan(10);
});
