import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { type FindingChanged, findingEvents } from '../../../core/events.ts';
import { compareFindings } from '../../../core/findings/compare.ts';
import { findingHistories, findingsNews } from '../../../core/findings/findings-news.ts';
import { afterDelivery } from '../../../core/findings/findings-outbox.ts';
import type { FindingChange, OpenFindings } from '../../../core/findings/open-findings.ts';
import type { Audit, Finding } from '../../../core/model.ts';
import { pending } from '../../../core/outbox.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { auditOf, findingWithoutCredential, rootKeyFinding } from '../../support/audit-fixture.ts';
import { audiences, deliveredTo, deliveredToAll } from '../../support/deliveries.ts';
import { openByEvents } from '../../support/finding-follower.ts';
import { randomFindings } from '../../support/random-findings.ts';

const first = new Date('2026-11-20T02:30:00Z');

function auditOn(night: number, findings: readonly Finding[]): Audit {
  return { ...auditOf(findings), asOf: new Date(first.getTime() + night * DAY) };
}

const root = rootKeyFinding({ id: 'root' });
const mfa = findingWithoutCredential({ id: 'mfa' });
const inWords = ({ outbox }: OpenFindings) => {
  const words = (changes: readonly FindingChange[]) => changes.map(({ type, finding }) => `${type} ${finding.id}`);
  return { alerts: words(outbox.alerts), digests: words(outbox.digests) };
};

describe('what people are notified of', () => {
  it('goes to the topic that fits how it is now', () => {
    const kept = compareFindings(undefined, auditOn(0, [root, mfa]), defaultPolicy);
    expect(inWords(kept)).toEqual({ alerts: ['opened root'], digests: ['opened mfa'] });
    const moved = compareFindings(
      kept,
      auditOn(1, [
        { ...root, severity: 'high' },
        { ...mfa, severity: 'critical' },
      ]),
      defaultPolicy,
    );
    expect(inWords(moved)).toEqual({ alerts: ['opened mfa'], digests: ['opened root'] });
    const resolved = compareFindings(moved, auditOn(2, []), defaultPolicy);
    expect(inWords(resolved)).toEqual({ alerts: [], digests: ['resolved root', 'resolved mfa'] });
  });

  it('is not known of a finding that the alert calls not judged', () => {
    const kept = compareFindings(undefined, auditOn(0, [root]), defaultPolicy);
    const audit = auditOn(1, [{ ...root, status: 'error' }]);
    const open = compareFindings(kept, audit, defaultPolicy);
    expect(inWords(open)).toEqual({ alerts: ['opened root', 'unjudged root'], digests: [] });
    const after = afterDelivery(open, audit, deliveredToAll);
    expect(inWords(after)).toEqual({ alerts: ['opened root'], digests: [] });
    expect(findingHistories(after).get('root')?.alerted).toBe(false);
    const third = auditOn(2, [root]);
    expect(inWords(afterDelivery(compareFindings(after, third, defaultPolicy), third, deliveredToAll)).alerts).toEqual(
      [],
    );
  });
});

/** Nights on which each audience is notified or not, some findings are not named, and some runs are killed before they know. */
const nights = fc.array(
  fc.record({
    findings: randomFindings,
    reached: fc.subarray([...audiences]),
    /** Numbers of findings that no message has room to name. */
    unnamed: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]),
    isRecorded: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

/** One change, for one audience. */
const keyOf = ({ type, finding, asOf }: FindingChange) => `${type} ${finding.id} ${asOf.toISOString()}`;

it('each audience gets everything at least once, and nothing again that it is known to have', () => {
  fc.assert(
    fc.property(nights, (history) => {
      let kept: OpenFindings | undefined;
      const known = { alerts: new Set<string>(), digests: new Set<string>(), bus: new Set<string>() };
      /** What is open, to people who read what the messages name. */
      const believed = new Set<string>();
      const published: { detailType: string; detail: FindingChanged['detail'] }[] = [];
      // The last night goes well: whatever was pending is delivered.
      const last = { findings: history.at(-1)?.findings ?? [], reached: [...audiences], unnamed: [], isRecorded: true };
      for (const [night, { findings, reached, unnamed, isRecorded }] of [...history, last].entries()) {
        const audit = auditOn(night, findings);
        const open = compareFindings(kept, audit, defaultPolicy);
        kept = open;
        const unnamedIds = new Set<string>(unnamed.flatMap((number) => findings[number]?.id ?? []));
        for (const audience of audiences) {
          expect(
            pending(open.outbox, audience)
              .map(keyOf)
              .filter((key) => known[audience].has(key)),
          ).toEqual([]);
        }
        if (reached.includes('bus')) {
          published.push(...findingEvents(open).map(({ type, detail }) => ({ detailType: type, detail })));
        }
        if (reached.includes('digests')) {
          const { resolved = [], opened = [] } = findingsNews(open, 'audit') ?? {};
          for (const { finding } of resolved) if (!unnamedIds.has(finding.id)) believed.delete(finding.id);
          for (const { finding } of opened) if (!unnamedIds.has(finding.id)) believed.add(finding.id);
        }
        if (reached.includes('alerts')) {
          const inAlert = findings.filter(({ status, severity }) => status === 'fail' && severity === 'critical');
          for (const { id } of inAlert) if (!unnamedIds.has(id)) believed.add(id);
        }
        if (!isRecorded) continue;
        kept = afterDelivery(open, audit, deliveredTo(reached, ...unnamedIds));
        for (const audience of audiences) {
          const rest = new Set(pending(kept.outbox, audience).map(keyOf));
          for (const change of pending(open.outbox, audience)) {
            if (!rest.has(keyOf(change))) known[audience].add(keyOf(change));
          }
        }
      }
      const open = kept?.findings.map(({ finding: { id } }) => id) ?? [];
      expect(openByEvents(published)).toEqual(open.toSorted());
      expect([...believed].filter((id) => !open.includes(id))).toEqual([]);
      // What is critical and could not be judged since stands in the alerts as that.
      const unalerted = new Set(kept?.outbox.alerts.map(({ finding: { id } }) => id));
      expect(open.filter((id) => !believed.has(id) && !unalerted.has(id))).toEqual([]);
      expect(kept?.outbox).toMatchObject({ digests: [], bus: [] });
    }),
  );
});
