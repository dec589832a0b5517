import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { type FindingChanged, findingEvents } from '../../../core/events.ts';
import { compareFindings } from '../../../core/findings/compare.ts';
import { findingHistories, findingsNews } from '../../../core/findings/findings-news.ts';
import { afterDelivery } from '../../../core/findings/findings-outbox.ts';
import type { OpenFindings } from '../../../core/findings/open-findings.ts';
import { decodeOpenFindings, encodeOpenFindings } from '../../../core/findings/open-findings-codec.ts';
import type { Audit, Finding } from '../../../core/model.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { auditOf, exemption, finding, rootKeyFinding, user } from '../../support/audit-fixture.ts';
import { deliveredToAll as all, audiences, deliveredTo } from '../../support/deliveries.ts';
import { openByEvents } from '../../support/finding-follower.ts';
import { policyWith } from '../../support/observation-builder.ts';
import { randomFindings } from '../../support/random-findings.ts';

const first = new Date('2026-11-20T02:30:00Z');
const second = new Date(first.getTime() + DAY);

function auditAt(asOf: Date, ...findings: readonly Finding[]): Audit {
  return { ...auditOf(findings), asOf };
}

/** What one night leaves, where everyone was notified of these findings. */
function nightOf(...findings: readonly Finding[]): OpenFindings {
  const audit = auditAt(first, ...findings);
  return afterDelivery(compareFindings(undefined, audit, defaultPolicy), audit, all);
}

/** Alice's idle key. */
const idle = finding();
const before = nightOf(idle);

/** What the bus is to be notified of, `opened ID` or `resolved ID RESOLUTION`, and what is open. */
function inWords({ outbox, findings }: OpenFindings) {
  return {
    bus: outbox.bus.map((change) => {
      return [
        change.type,
        change.finding.id,
        change.type === 'resolved' ? change.resolution : change.type === 'opened' ? change.raisedFrom : undefined,
      ]
        .filter((part) => part !== undefined)
        .join(' ');
    }),
    open: findings.map(({ finding: { id }, since }) => `${id} since ${since.toISOString().slice(0, 10)}`),
  };
}

describe('from one audit to the next', () => {
  it('everything is new where nothing was kept', () => {
    expect(inWords(compareFindings(undefined, auditAt(first, idle), defaultPolicy))).toEqual({
      bus: [`opened ${idle.id}`],
      open: [`${idle.id} since 2026-11-20`],
    });
  });

  it('of what is newly exempt, only what the message names is delivered', () => {
    const excused = finding({ status: 'exempt', exemption });
    const other = finding({
      ...excused,
      id: 'other',
      principal: user('bob'),
      credential: { kind: 'access-key', id: 'AKIAOTHERAAAAAAAAAAA' },
    });
    const audit = auditAt(first, excused, other);
    const resolvedWithout = (...unnamed: readonly string[]) => {
      const open = compareFindings(undefined, audit, defaultPolicy);
      const { outbox } = afterDelivery(open, audit, deliveredTo(audiences, ...unnamed));
      return outbox.digests.map(({ type, finding: { id } }) => `${type} ${id}`);
    };
    expect(resolvedWithout()).toEqual([]);
    expect(resolvedWithout(other.id)).toEqual(['exempted other']);
    expect(resolvedWithout(excused.id, other.id)).toEqual([`exempted ${excused.id}`, 'exempted other']);
  });

  it('what is still there keeps its first day, with the facts of tonight', () => {
    const worse = finding({ reason: 'unused for 121 days (limit 45)' });
    const open = compareFindings(before, auditAt(second, worse), defaultPolicy);
    expect(inWords(open)).toEqual({ bus: [], open: [`${idle.id} since 2026-11-20`] });
    expect(open.findings[0]?.finding.reason).toBe(worse.reason);
  });

  it('what has become more severe is published again, since its first day; what has become less severe is not', () => {
    const inactive = rootKeyFinding({ severity: 'high' });
    const raised = compareFindings(nightOf(inactive), auditAt(second, rootKeyFinding()), defaultPolicy);
    expect(inWords(raised).bus).toEqual([`opened ${inactive.id} high`]);
    expect(raised.outbox.bus[0]).toMatchObject({ asOf: second, since: first, finding: { severity: 'critical' } });
    const lowered = compareFindings(nightOf(rootKeyFinding()), auditAt(second, inactive), defaultPolicy);
    expect(inWords(lowered).bus).toEqual([]);
  });

  it.each([
    ['nothing', [], defaultPolicy, 'no-longer-found'],
    ['an exemption', [finding({ status: 'exempt', exemption })], defaultPolicy, 'exempted'],
    ['a rule that is off', [], policyWith({ rules: { 'access-key-unused': { enabled: false } } }), 'rule-disabled'],
  ] as const)('where %s is in its place, it is resolved, with how', (_, findings, policy, resolution) => {
    const open = compareFindings(before, auditAt(second, ...findings), policy);
    expect(inWords(open)).toEqual({ bus: [`resolved ${idle.id} ${resolution}`], open: [] });
    expect(open.outbox.bus[0]).toMatchObject({ since: first, asOf: second });
    expect(findingEvents(open)[0]?.detail.exemption).toEqual(resolution === 'exempted' ? exemption : undefined);
  });

  it.each([
    ['the same check', finding({ status: 'error' })],
    [
      'the same check of a key that no one can name',
      finding({ status: 'error', id: 'other', credential: { kind: 'access-key', slot: 2 } }),
    ],
    [
      'the same check of the same user in capitals',
      finding({ status: 'error', id: 'other', principal: user('ALICE') }),
    ],
  ])('stays open where %s was not possible', (_, unjudged) => {
    const open = compareFindings(before, auditAt(second, unjudged), defaultPolicy);
    expect(inWords(open)).toEqual({ bus: [], open: [`${idle.id} since 2026-11-20`] });
  });

  it.each([
    ['another check', finding({ status: 'error', rule: 'access-key-too-old' })],
    ['the check of another user', finding({ status: 'error', principal: user('bob') })],
    ['the check of another key', finding({ status: 'error', credential: { kind: 'access-key', id: 'AKIAOTHER' } })],
  ])('does not stay open because %s was not possible', (_, unjudged) => {
    const open = compareFindings(before, auditAt(second, unjudged), defaultPolicy);
    expect(inWords(open).bus).toEqual([`resolved ${idle.id} no-longer-found`]);
  });

  it('what is exempt for sure is resolved, whatever else could not be judged', () => {
    const nameless = finding({ status: 'error', id: 'other', credential: { kind: 'access-key', slot: 2 } });
    const open = compareFindings(
      before,
      auditAt(second, finding({ status: 'exempt', exemption }), nameless),
      defaultPolicy,
    );
    expect(inWords(open)).toEqual({ bus: [`resolved ${idle.id} exempted`], open: [] });
  });

  it('a rule that could not be judged for the whole account resolves nothing of its users, nor ends an exemption', () => {
    const principal = { kind: 'account', name: idle.principal.name, arn: 'arn:aws:iam::123456789012:root' } as const;
    const { credential: _, ...whole } = finding({ status: 'error', principal, id: 'whole' });
    const excused = finding({ status: 'exempt', exemption, principal: user('bob'), id: 'excused' });
    const night = nightOf(idle, excused);
    const after = compareFindings(night, auditAt(second, whole), defaultPolicy);
    expect(inWords(after)).toEqual({ bus: [], open: [`${idle.id} since 2026-11-20`] });
    expect(after.exempt).toEqual(night.exempt);
    const ofAnotherRule = compareFindings(night, auditAt(second, { ...whole, rule: 'report-stale' }), defaultPolicy);
    expect(ofAnotherRule.findings).toEqual([]);
    expect(ofAnotherRule.exempt).toEqual([]);
  });

  it('what could not be judged opens nothing', () => {
    const open = compareFindings(undefined, auditAt(first, finding({ status: 'error' })), defaultPolicy);
    expect(inWords(open)).toEqual({ bus: [], open: [] });
  });

  it('what comes back is new again', () => {
    const audit = auditAt(second);
    const resolved = afterDelivery(compareFindings(before, audit, defaultPolicy), audit, all);
    const third = new Date(second.getTime() + DAY);
    expect(inWords(compareFindings(resolved, auditAt(third, idle), defaultPolicy))).toEqual({
      bus: [`opened ${idle.id}`],
      open: [`${idle.id} since 2026-11-22`],
    });
  });
});

describe('what has been delivered', () => {
  const critical = rootKeyFinding();
  const audit = auditAt(first, critical, idle);
  const fresh = compareFindings(undefined, audit, defaultPolicy);
  const alerted = (open: OpenFindings) => [...findingHistories(open).values()].map((history) => history.alerted);

  it('leaves the outbox, and counts as alerted where it is critical', () => {
    expect(fresh.outbox.bus).toHaveLength(2);
    expect(alerted(fresh)).toEqual([false, false]);
    const after = afterDelivery(fresh, audit, all);
    expect({ outbox: after.outbox, alerted: alerted(after) }).toEqual({
      outbox: { alerts: [], digests: [], bus: [] },
      alerted: [true, false],
    });
  });

  it.each([
    [['digests', 'bus'], { alerts: 1, digests: 0, bus: 0 }, [false, false]],
    [['alerts', 'bus'], { alerts: 0, digests: 1, bus: 0 }, [true, false]],
    [['alerts', 'digests'], { alerts: 0, digests: 0, bus: 2 }, [true, false]],
  ] as const)('is kept apart for each audience: %o', (reached, counts, marks) => {
    const after = afterDelivery(fresh, audit, deliveredTo(reached));
    const { alerts, digests, bus } = after.outbox;
    expect({ alerts: alerts.length, digests: digests.length, bus: bus.length }).toEqual(counts);
    expect(alerted(after)).toEqual(marks);
  });

  it('is nothing to write where nothing is new, or no one could be notified', () => {
    expect(afterDelivery(fresh, audit, {})).toBe(fresh);
    const again = compareFindings(afterDelivery(fresh, audit, all), auditAt(second, critical, idle), defaultPolicy);
    expect(afterDelivery(again, auditAt(second, critical, idle), all)).toBe(again);
  });

  it('is published again, with the time of the audit that found it, until it is delivered', () => {
    const next = compareFindings(fresh, auditAt(second, critical), defaultPolicy);
    expect(inWords(next).bus).toEqual([
      `opened ${critical.id}`,
      `opened ${idle.id}`,
      `resolved ${idle.id} no-longer-found`,
    ]);
    expect(findingEvents(next).slice(0, 2)).toEqual(findingEvents(fresh));
  });

  it('no longer counts once it is less severe: a root key that is reactivated is news', () => {
    const inactive = rootKeyFinding({ severity: 'high' });
    const lower = compareFindings(afterDelivery(fresh, audit, all), auditAt(second, inactive), defaultPolicy);
    expect(alerted(lower)).toEqual([false]);
  });
});

const nights = fc.array(
  fc.record({
    findings: randomFindings,
    /** Whether bus and topics take what is published, and whether the record of that is kept. */
    isDelivered: fc.boolean(),
    isRecorded: fc.boolean(),
  }),
  { maxLength: 8 },
);

describe('over random nights', () => {
  it('who follows the events, or the messages, knows what is open, whatever was lost, late or delivered twice', () => {
    fc.assert(
      fc.property(nights, (history) => {
        let kept: OpenFindings | undefined;
        const believed = new Set<string>();
        const published: { detailType: string; detail: FindingChanged['detail'] }[] = [];
        for (const [night, { findings, isDelivered, isRecorded }] of history.entries()) {
          const audit = auditAt(new Date(first.getTime() + night * DAY), ...findings);
          const wasOpen = new Set(kept?.findings.map((open) => open.finding.id));
          const open: OpenFindings = compareFindings(kept, audit, defaultPolicy);
          kept = decodeOpenFindings(encodeOpenFindings(open), 'memory');
          expect(kept).toEqual(open);
          expect(JSON.stringify(findingEvents(kept))).toBe(JSON.stringify(findingEvents(open)));
          const truth = findings.filter(
            ({ id, status }) => status === 'fail' || (status === 'error' && wasOpen.has(id)),
          );
          expect(open.findings.map((one) => one.finding.id).toSorted()).toEqual(truth.map(({ id }) => id).toSorted());
          if (!isDelivered) continue;
          published.push(...findingEvents(open).map(({ type, detail }) => ({ detailType: type, detail })));
          expect(openByEvents(published)).toEqual(open.findings.map((one) => one.finding.id).toSorted());
          const news = findingsNews(open, 'audit');
          for (const one of news?.resolved ?? []) believed.delete(one.finding.id);
          const alerted = findings.filter(({ status, severity }) => status === 'fail' && severity === 'critical');
          const opened = news?.opened.map((one) => one.finding) ?? [];
          for (const { id } of [...alerted, ...opened]) believed.add(id);
          // What is critical and cannot be judged stands in the alert as that.
          const critical = open.findings.filter(({ finding: { severity } }) => severity === 'critical');
          const known = new Set([...believed, ...critical.map((one) => one.finding.id)]);
          expect([...known].toSorted()).toEqual(truth.map(({ id }) => id).toSorted());
          if (isRecorded) kept = afterDelivery(open, audit, all);
        }
      }),
    );
  });
});

describe('the stored form', () => {
  it.each(['', '<html>', '{}', '{"schema":"keysweep/open-findings/v2"}'])('refuses %j', (text) => {
    expect(() => decodeOpenFindings(text, 's3://bucket/key')).toThrow(/s3:\/\/bucket\/key/);
  });

  it('takes what another version wrote, and resolves what no one looks for any more', () => {
    const [open] = before.findings;
    const older = {
      ...before,
      by: 'keysweep 9',
      findings: [{ ...open, finding: { ...idle, id: 'x', rule: 'access-key-haunted', weight: 3 } }, open],
      asOf: first.toISOString(),
    };
    const kept = decodeOpenFindings(JSON.stringify(older), 'memory');
    const next = compareFindings(kept, auditAt(second, idle), defaultPolicy);
    expect(inWords(next)).toEqual({
      bus: ['resolved x rule-disabled'],
      open: [`${idle.id} since 2026-11-20`],
    });
  });
});
