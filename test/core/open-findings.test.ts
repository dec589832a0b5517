import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { type FindingChanged, findingEvents } from '../../core/events.ts';
import { findingsToTell } from '../../core/findings-news.ts';
import type { Audit, Finding, FindingStatus, Severity } from '../../core/model.ts';
import { afterTelling, compareFindings, type OpenFindings } from '../../core/open-findings.ts';
import { decodeOpenFindings, encodeOpenFindings } from '../../core/open-findings-codec.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { auditOf, exemption, finding, rootKeyFinding, user } from '../support/audit-fixture.ts';
import { openByEvents } from '../support/finding-follower.ts';
import { policyWith } from '../support/observation-builder.ts';

const first = new Date('2026-11-20T02:30:00Z');
const second = new Date(first.getTime() + DAY);
const all = { ofCritical: true, ofNews: true, machines: true };

function auditAt(asOf: Date, ...findings: readonly Finding[]): Audit {
  return { ...auditOf(findings), asOf };
}

/** What one night leaves, where everybody could be told of these findings. */
function nightOf(...findings: readonly Finding[]): OpenFindings {
  const audit = auditAt(first, ...findings);
  return afterTelling(compareFindings(undefined, audit, defaultPolicy), audit, all);
}

/** Alice's idle key. */
const idle = finding();
const left = nightOf(idle);

/** What is to be told, `opened ID` or `resolved ID RESOLUTION`, and what is open. */
function inWords({ untold, findings }: OpenFindings) {
  return {
    untold: untold.map((change) => {
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
      untold: [`opened ${idle.id}`],
      open: [`${idle.id} since 2026-11-20`],
    });
  });

  it('of what is newly exempt, only what the message names counts as announced', () => {
    const excused = finding({ status: 'exempt', exemption });
    const other = finding({
      ...excused,
      id: 'other',
      principal: user('bob'),
      credential: { kind: 'access-key', id: 'AKIAOTHERAAAAAAAAAAA' },
    });
    const audit = auditAt(first, excused, other);
    const announced = (unnamed: readonly string[]) => {
      const open = compareFindings(undefined, audit, defaultPolicy);
      const { exempt } = afterTelling(open, audit, { ...all, unnamed: new Set(unnamed) });
      return exempt?.map(({ told }) => told);
    };
    expect(announced([])).toEqual([true, true]);
    expect(announced([other.id])).toEqual([true, false]);
    expect(announced([excused.id, other.id])).toEqual([false, false]);
  });

  it('what is still there keeps its first day, with the facts of tonight', () => {
    const worse = finding({ reason: 'unused for 121 days (limit 45)' });
    const open = compareFindings(left, auditAt(second, worse), defaultPolicy);
    expect(inWords(open)).toEqual({ untold: [], open: [`${idle.id} since 2026-11-20`] });
    expect(open.findings[0]?.finding.reason).toBe(worse.reason);
  });

  it('what has become more severe is told again, since its first day; what has become less severe is not', () => {
    const inactive = rootKeyFinding({ severity: 'high' });
    const raised = compareFindings(nightOf(inactive), auditAt(second, rootKeyFinding()), defaultPolicy);
    expect(inWords(raised).untold).toEqual([`opened ${inactive.id} high`]);
    expect(raised.untold[0]).toMatchObject({ asOf: second, since: first, finding: { severity: 'critical' } });
    const lowered = compareFindings(nightOf(rootKeyFinding()), auditAt(second, inactive), defaultPolicy);
    expect(inWords(lowered).untold).toEqual([]);
  });

  it.each([
    ['nothing', [], defaultPolicy, 'no-longer-found'],
    ['an exemption', [finding({ status: 'exempt', exemption })], defaultPolicy, 'exempted'],
    ['a rule that is off', [], policyWith({ rules: { 'access-key-unused': { enabled: false } } }), 'rule-switched-off'],
  ] as const)('where %s is in its place, it is resolved, with how', (_, findings, policy, resolution) => {
    const open = compareFindings(left, auditAt(second, ...findings), policy);
    expect(inWords(open)).toEqual({ untold: [`resolved ${idle.id} ${resolution}`], open: [] });
    expect(open.untold[0]).toMatchObject({ since: first, asOf: second });
    expect(findingEvents(open)[0]?.detail.exemption).toEqual(resolution === 'exempted' ? exemption : undefined);
  });

  it.each([
    ['the same check', finding({ status: 'error' })],
    [
      'the same check of a key that nobody can name',
      finding({ status: 'error', id: 'other', credential: { kind: 'access-key', slot: 2 } }),
    ],
    [
      'the same check of the same user in capitals',
      finding({ status: 'error', id: 'other', principal: user('ALICE') }),
    ],
  ])('stays open where %s was not possible', (_, unjudged) => {
    const open = compareFindings(left, auditAt(second, unjudged), defaultPolicy);
    expect(inWords(open)).toEqual({ untold: [], open: [`${idle.id} since 2026-11-20`] });
  });

  it.each([
    ['another check', finding({ status: 'error', rule: 'access-key-too-old' })],
    ['the check of another user', finding({ status: 'error', principal: user('bob') })],
    ['the check of another key', finding({ status: 'error', credential: { kind: 'access-key', id: 'AKIAOTHER' } })],
  ])('does not stay open because %s was not possible', (_, unjudged) => {
    const open = compareFindings(left, auditAt(second, unjudged), defaultPolicy);
    expect(inWords(open).untold).toEqual([`resolved ${idle.id} no-longer-found`]);
  });

  it('what is exempt for sure is resolved, whatever else could not be judged', () => {
    const nameless = finding({ status: 'error', id: 'other', credential: { kind: 'access-key', slot: 2 } });
    const open = compareFindings(
      left,
      auditAt(second, finding({ status: 'exempt', exemption }), nameless),
      defaultPolicy,
    );
    expect(inWords(open)).toEqual({ untold: [`resolved ${idle.id} exempted`], open: [] });
  });

  it('what could not be judged opens nothing', () => {
    const open = compareFindings(undefined, auditAt(first, finding({ status: 'error' })), defaultPolicy);
    expect(inWords(open)).toEqual({ untold: [], open: [] });
  });

  it('what comes back is new again', () => {
    const audit = auditAt(second);
    const gone = afterTelling(compareFindings(left, audit, defaultPolicy), audit, all);
    const third = new Date(second.getTime() + DAY);
    expect(inWords(compareFindings(gone, auditAt(third, idle), defaultPolicy))).toEqual({
      untold: [`opened ${idle.id}`],
      open: [`${idle.id} since 2026-11-22`],
    });
  });
});

describe('what has been told', () => {
  const critical = rootKeyFinding();
  const audit = auditAt(first, critical, idle);
  const fresh = compareFindings(undefined, audit, defaultPolicy);
  const alerted = ({ findings }: OpenFindings) => findings.map((open) => open.alerted);

  it('leaves the outbox once machines have heard of it, and is marked once people have heard of what is critical', () => {
    expect(fresh.untold).toHaveLength(2);
    expect(alerted(fresh)).toEqual([false, false]);
    const told = afterTelling(fresh, audit, all);
    expect({ untold: told.untold, alerted: alerted(told) }).toEqual({ untold: [], alerted: [true, false] });
  });

  it.each([
    [{ ofCritical: false, ofNews: true, machines: true }, 0, [false, false]],
    [{ ofCritical: true, ofNews: true, machines: false }, 2, [true, false]],
  ] as const)('is kept apart for people and machines: %o', (told, untold, marks) => {
    const after = afterTelling(fresh, audit, told);
    expect({ untold: after.untold.length, alerted: alerted(after) }).toEqual({ untold, alerted: marks });
  });

  it('is nothing to write where nothing is new, or nobody could be told', () => {
    expect(afterTelling(fresh, audit, { ofCritical: false, ofNews: false, machines: false })).toBe(fresh);
    const again = compareFindings(afterTelling(fresh, audit, all), auditAt(second, critical, idle), defaultPolicy);
    expect(afterTelling(again, auditAt(second, critical, idle), all)).toBe(again);
  });

  it('is told again, with the time of the audit that found it, until machines have heard of it', () => {
    const next = compareFindings(fresh, auditAt(second, critical), defaultPolicy);
    expect(inWords(next).untold).toEqual([
      `opened ${critical.id}`,
      `opened ${idle.id}`,
      `resolved ${idle.id} no-longer-found`,
    ]);
    expect(findingEvents(next).slice(0, 2)).toEqual(findingEvents(fresh));
  });

  it('counts no longer once it is less severe: a root key that is switched on again is news', () => {
    const inactive = rootKeyFinding({ severity: 'high' });
    const lower = compareFindings(afterTelling(fresh, audit, all), auditAt(second, inactive), defaultPolicy);
    expect(alerted(lower)).toEqual([false]);
  });
});

/** Nights of one small account: each finding fails, is exempt, cannot be judged, or is not there; some fall short. */
const nights = fc.array(
  fc.record({
    found: fc.uniqueArray(
      fc.record({
        rule: fc.constantFrom('access-key-unused' as const, 'access-key-too-old' as const),
        name: fc.constantFrom('alice', 'bob'),
        key: fc.constantFrom('AKIA1', 'AKIA2'),
        status: fc.constantFrom<FindingStatus>('fail', 'fail', 'exempt', 'error'),
        severity: fc.constantFrom<Severity>('critical', 'high', 'medium'),
      }),
      { selector: ({ rule, name, key }) => `${rule} ${name} ${key}`, maxLength: 8 },
    ),
    /** Whether bus and topics take what they are told, and whether the record of that is kept. */
    isTold: fc.boolean(),
    isNoted: fc.boolean(),
  }),
  { maxLength: 8 },
);

describe('over random nights', () => {
  it('who follows the events, or the messages, knows what is open, whatever was lost, late or told twice', () => {
    fc.assert(
      fc.property(nights, (history) => {
        let kept: OpenFindings | undefined;
        const believed = new Set<string>();
        const published: { detailType: string; detail: FindingChanged['detail'] }[] = [];
        for (const [night, { found, isTold, isNoted }] of history.entries()) {
          const findings = found.map(({ rule, name, key, status, severity }) => {
            const credential = { kind: 'access-key', id: key } as const;
            const excused = status === 'exempt' ? { exemption } : {};
            return finding({ rule, status, severity, principal: user(name), credential, ...excused });
          });
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
          if (!isTold) continue;
          published.push(...findingEvents(open).map(({ type, detail }) => ({ detailType: type, detail })));
          expect(openByEvents(published)).toEqual(open.findings.map((one) => one.finding.id).toSorted());
          const news = findingsToTell(open, audit);
          for (const one of news?.resolved ?? []) believed.delete(one.finding.id);
          const alerted = findings.filter(({ status, severity }) => status === 'fail' && severity === 'critical');
          const opened = news?.opened.map((one) => one.finding) ?? [];
          for (const { id } of [...alerted, ...opened]) believed.add(id);
          // What is critical and cannot be judged stands in the alert as that.
          const critical = open.findings.filter(({ finding: { severity } }) => severity === 'critical');
          const known = new Set([...believed, ...critical.map((one) => one.finding.id)]);
          expect([...known].toSorted()).toEqual(truth.map(({ id }) => id).toSorted());
          if (isNoted) kept = afterTelling(open, audit, all);
        }
      }),
    );
  });
});

describe('the stored form', () => {
  it.each(['', '<html>', '{}', '{"schema":"keysweep/open-findings/v2"}'])('refuses %j', (text) => {
    expect(() => decodeOpenFindings(text, 's3://bucket/key')).toThrow(/s3:\/\/bucket\/key/);
  });

  it('takes what another version wrote, and resolves what nobody looks for any more', () => {
    const [open] = left.findings;
    const older = {
      ...left,
      by: 'keysweep 9',
      findings: [{ ...open, finding: { ...idle, id: 'x', rule: 'access-key-haunted', weight: 3 } }, open],
      asOf: first.toISOString(),
    };
    const kept = decodeOpenFindings(JSON.stringify(older), 'memory');
    const next = compareFindings(kept, auditAt(second, idle), defaultPolicy);
    expect(inWords(next)).toEqual({
      untold: ['resolved x rule-switched-off'],
      open: [`${idle.id} since 2026-11-20`],
    });
  });
});
