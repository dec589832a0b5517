/** The whole digest is kept where the message to people points to it. */
import { expect, it } from 'vitest';
import { HOUR } from '../../../core/duration.ts';
import { KeysweepError } from '../../../core/error.ts';
import type { ReportStore, StoredReport } from '../../../core/ports.ts';
import { notifiedIn, openMixedNight, secondDueKey } from '../../support/mixed-night.ts';
import { enforcePolicy } from '../../support/sweep-world.ts';

const policy = enforcePolicy();

function memoryReports(): { readonly reports: ReportStore; readonly kept: StoredReport[] } {
  const kept: StoredReport[] = [];
  const write = async (report: StoredReport) => `https://archive.example/${kept.push(report)}/${report.name}`;
  return { reports: { write }, kept };
}

it('the digest links to the whole of it', async () => {
  const world = await openMixedNight();
  const { reports, kept } = memoryReports();
  const result = await world.sweep(policy, { reports });
  expect([result.outcome, kept.map(({ name }) => name)]).toEqual(['complete', ['digest.txt']]);
  const [notice] = world.notices;
  expect(notice?.body).toContain('    https://archive.example/1/digest.txt\n');
  expect(notice?.data.fullReport).toBe('https://archive.example/1/digest.txt');
  expect(kept[0]).toMatchObject({ account: { id: notice?.account }, at: result.startedAt });
  expect(notifiedIn([kept[0]?.text ?? ''])).toEqual(notifiedIn([notice?.body ?? '']));
  expect(notifiedIn([kept[0]?.text ?? ''])).toHaveLength(8);
});

it('the correction has a whole text of its own', async () => {
  const world = await openMixedNight();
  const { reports, kept } = memoryReports();
  const snapshot = await world.auditNow(policy);
  // Used after the audit, so that what the digest says of it does not happen.
  world.sandbox.account.useAccessKey(secondDueKey, new Date(world.sandbox.clock.now().getTime() - HOUR));
  await world.rotateBy(snapshot, policy, { reports });
  expect(kept.map(({ name }) => name)).toEqual(['digest.txt', 'correction.txt']);
  expect(world.notices.map(({ kind }) => kind)).toEqual(['digest', 'correction']);
  expect(world.notices[1]?.body).toContain('    https://archive.example/2/correction.txt\n');
});

it('where it cannot be kept, people are notified all the same, and the sweep is partial', async () => {
  const world = await openMixedNight();
  const write = () => Promise.reject(new KeysweepError('AccessDenied', 'the caller lacks s3:PutObject'));
  const result = await world.sweep(policy, { reports: { write } });
  expect(result.outcome).toBe('partial');
  expect(result.problems).toEqual(['the full digest could not be stored: the caller lacks s3:PutObject']);
  expect(world.notices).toHaveLength(1);
  expect(world.notices[0]?.body).not.toContain('The full report');
  expect(world.changes()).toHaveLength(3);
});
