/** Functions that Lambda ends in the middle of their work: a process over the bundle, killed, and the same event again. */
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import { createS3SnapshotStore } from '../../../aws/s3-snapshot-store.ts';
import { DAY, MINUTE } from '../../../core/duration.ts';
import type { Snapshot } from '../../../core/lifecycle/snapshot.ts';
import type { Audit, Severity } from '../../../core/model.ts';
import { auditAccount } from '../../../engine/audit/audit.ts';
import type { AccountSeed, Sandbox } from '../../../sandbox/index.ts';
import type { RequestRecord } from '../../../sandbox/request-log.ts';
import { makeReport } from '../../support/aws-sandbox.ts';
import { bucket, bundleFunction, type Deployment, openDeployment } from '../../support/deployed-service.ts';
import { openByEvents, openByMessages } from '../../support/finding-follower.ts';
import { functionProcesses, type Kill } from '../../support/killed-invocation.ts';
import { doomedKey, dueKey, mixedSeed, notifiedIn, rememberEarlierNights } from '../../support/mixed-night.ts';
import { account, enforcePolicy, fewKeys, staleKey } from '../../support/sweep-world.ts';

const policy = enforcePolicy();

/** In milliseconds. Each starts dozens of processes, on machines that are busy. */
const timeout = 180_000;

/** Lambda ends a function after 15 minutes, and tries the event again a minute later. */
const untilRetry = 16 * MINUTE;

/** One night for each kill, some at a time: their processes wait for the sandboxes in this one. */
function killEach<T extends object>(kills: readonly Kill[], night: (kill: Kill) => Promise<T>) {
  const limit = pLimit(3);
  const named = async (kill: Kill) => ({ label: nameOf(kill), ...(await night(kill)) });
  return Promise.all(kills.map((kill) => limit(() => named(kill))));
}

/** How often each action was called, like `[['sns:Publish', 1]]`, in the order of the first calls. */
function countActions(requests: readonly RequestRecord[]): readonly (readonly [action: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { action } of requests) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts];
}

/**
 * Where it matters whether a request took effect, both. Of other writes, and of the ledger, each one: the request after
 * one that took effect is the next one before it does. Of reads the very first, and one of each kind that comes after a
 * write: before that nothing has happened yet.
 */
function killsOf(requests: readonly RequestRecord[]): readonly Kill[] {
  const counts = countActions(requests);
  const firstWrite = counts.findIndex(([action]) => /:Put|:Transact/.test(action));
  return counts.flatMap(([action, count], place) => {
    const all = Array.from({ length: count }, (_, index) => index + 1);
    if (/^(?:iam:(?:Update|Delete)|sns:|events:)/.test(action)) {
      return all.flatMap((nth) => [false, true].map((applied) => ({ action, nth, applied })));
    }
    if (/^(?:dynamodb:|s3:Put)/.test(action)) return all.map((nth) => ({ action, nth, applied: nth % 2 === 0 }));
    return place === 0 || place > firstWrite ? [{ action, nth: count, applied: false }] : [];
  });
}

const nameOf = ({ action, nth, applied }: Kill) => `killed ${applied ? 'after' : 'before'} ${action} ${nth}`;

describe('the rotator', () => {
  const rotator = functionProcesses(bundleFunction('rotator'));

  /** A deactivation and a deletion by one user, a warning, and a warning to withdraw: all that others would only repeat. */
  const users = mixedSeed.users.filter(({ name }) => ['alice', 'bob', 'frank'].includes(name));

  /** A night on which something of everything is due, as the auditor has just seen it. */
  async function openNight(seen?: Snapshot) {
    const deployment = await openDeployment({ policy, seed: { ...mixedSeed, users } });
    const { sandbox, session, source, ledger } = deployment;
    await rememberEarlierNights(ledger, users);
    const snapshot = seen ?? (await auditAccount({ source }, policy, sandbox.clock.now()));
    const key = await createS3SnapshotStore(session, bucket).write(snapshot);
    sandbox.clearRequests();
    const event = { 'detail-type': 'Audit Completed', source: 'keysweep', detail: { snapshot: key } };
    return { deployment, snapshot, event };
  }

  /** The keys in IAM, and what the ledger says of them, with their dates to the day. */
  async function endOf({ sandbox, ledger }: Deployment) {
    const keys = sandbox.account
      .users()
      .flatMap(({ name, accessKeys }) => [...accessKeys].map(({ id, status }) => `${name} ${id} ${status}`));
    const day = (date: Date | undefined) => (date === undefined ? undefined : Math.floor(date.getTime() / DAY));
    const entries = (await ledger.entries(account)).entries.map(
      ({ credential, stage, rules, intent, since, warning, deactivation }) => {
        const dueAt = day(deactivation?.deleteAt ?? warning?.deactivateAt);
        return { id: credential.id, stage, rules, intent: intent?.action, since: day(since), dueAt };
      },
    );
    return { keys, entries };
  }

  /** What reached IAM, whether or not its answer arrived. */
  function asked({ sandbox }: Deployment, isApplied: boolean): readonly string[] {
    return sandbox.requests
      .filter(({ action }) => action === 'iam:UpdateAccessKey' || action === 'iam:DeleteAccessKey')
      .filter(({ outcome }) => outcome === 'answered' || isApplied)
      .map(({ action, params }) => `${action} ${params.AccessKeyId}`)
      .toSorted();
  }

  const notified = (deployment: Deployment) => [...new Set(notifiedIn(deployment.mails('digests')))].toSorted();

  it('is killed at any of its requests, and the same event again makes it good: every change and every notice once', {
    timeout,
  }, async () => {
    const { deployment: undisturbed, snapshot, event } = await openNight();
    expect(await rotator.invoke(undisturbed, event)).toMatchObject({ ok: true, result: { outcome: 'complete' } });
    const kills = killsOf(undisturbed.sandbox.requests);
    expect(kills.length).toBeGreaterThan(20);
    const end = await endOf(undisturbed);
    const changes = asked(undisturbed, false);
    expect(changes).toEqual([`iam:DeleteAccessKey ${doomedKey}`, `iam:UpdateAccessKey ${dueKey}`]);
    expect(notified(undisturbed)).toHaveLength(4);

    const nights = await killEach(kills, async (kill) => {
      const { deployment } = await openNight(snapshot);
      const killed = await rotator.killAt(deployment, event, kill);
      deployment.sandbox.clock.advance(untilRetry);
      const again = await rotator.invoke(deployment, event);
      return {
        killed,
        again,
        end: await endOf(deployment),
        changes: asked(deployment, kill.applied),
        notified: notified(deployment),
      };
    });
    for (const { label, killed, again, ...outcome } of nights) {
      expect(killed, label).toBeUndefined();
      expect(again, label).toMatchObject({ ok: true, result: { outcome: 'complete' } });
      expect(outcome, label).toEqual({ end, changes, notified: notified(undisturbed) });
    }
  });
});

describe('the auditor', () => {
  const auditor = functionProcesses(bundleFunction('auditor'));

  /** Root has a key: that wakes people. */
  const seed: AccountSeed = { ...fewKeys, root: { accessKeys: [{ createdAt: '2026-01-01T00:00:00Z' }] } };

  /** The ids of what the last report says is wrong, sorted, but for one severity. */
  function failingIn({ buckets }: Sandbox, leftOut?: Severity): readonly string[] {
    const report = buckets.keys(bucket).findLast((key) => key.endsWith('-audit.json')) ?? '';
    const { findings } = JSON.parse(buckets.get(bucket, report)?.body ?? '') as Pick<Audit, 'findings'>;
    return findings.flatMap(({ id, status, severity }) => (status === 'fail' && severity !== leftOut ? id : [])).sort();
  }

  /** In mode audit, so that the messages about findings leave out no key. */
  async function openNight() {
    const deployment = await openDeployment({ policy: { ...policy, mode: 'audit' }, seed });
    await makeReport(deployment.sandbox);
    return deployment;
  }

  it('is killed at any of its requests, and the next try leaves a snapshot, an alert, and the events and messages of all that changed', {
    timeout,
  }, async () => {
    const undisturbed = await openNight();
    expect(await auditor.invoke(undisturbed, {})).toMatchObject({ ok: true, result: { alerted: true } });
    const kills = killsOf(undisturbed.sandbox.requests);
    expect(kills.length).toBeGreaterThan(7);
    const nights = await killEach(kills, async (kill) => {
      const deployment = await openNight();
      const killed = await auditor.killAt(deployment, {}, kill);
      const { length } = deployment.completed();
      const alerts = deployment.subjects('alerts').length;
      // What the first try may have reported is no longer true.
      deployment.sandbox.account.deleteAccessKey(staleKey);
      deployment.sandbox.clock.advance(untilRetry);
      const again = await auditor.invoke(deployment, {});
      return { killed, again, deployment, eventsBefore: length, alerts };
    });
    for (const { label, killed, again, deployment, eventsBefore, alerts } of nights) {
      const { sandbox, completed, subjects } = deployment;
      expect(killed, label).toBeUndefined();
      expect(again, label).toMatchObject({ ok: true, result: { alerted: true } });
      const [first, last] = [subjects('alerts')[0], subjects('alerts').at(-1)];
      expect(first, label).toMatch(/2 critical findings( \(2 new\))?$/);
      if (alerts === 0) expect(last, label).toBe(first);
      expect(completed(), label).toHaveLength(eventsBefore + 1);
      for (const { detail } of completed()) {
        expect(sandbox.buckets.get(bucket, String(detail.snapshot)), label).toBeDefined();
      }
      expect(openByEvents(sandbox.busEvents), label).toEqual(failingIn(sandbox));
      expect(openByMessages(deployment.notices('news')), label).toEqual(failingIn(sandbox, 'critical'));
    }
  });
});
