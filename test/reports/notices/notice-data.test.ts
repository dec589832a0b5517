/** Notices as machines get them, and what all forms of a notice share. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeTexts } from '../../../aws/notice-texts.ts';
import type { Notice } from '../../../core/notice.ts';
import { criticalAlert } from '../../../reports/alert.ts';
import type { NoticeItem } from '../../../reports/notices/notice-item.ts';
import { restoredNotice } from '../../../reports/notices/restored.ts';
import { noticeSchema } from '../../../reports/notices/schema.ts';
import { isNoticeData } from '../../../reports/slack/notice-data.ts';
import { account, asOf, auditOf, finding, mixedAudit, rootKeyFinding, user } from '../../support/audit-fixture.ts';
import { digestItem, digestOf, dueAt, everyNotice, manyItems } from '../../support/digest-fixture.ts';
import { findingsOf } from '../../support/findings-fixture.ts';

const alert = (...args: Parameters<typeof criticalAlert>): Notice => {
  const notice = criticalAlert(...args);
  if (notice === undefined) throw new Error('there is no alert');
  return notice;
};

const restored = restoredNotice({
  account,
  credential: { kind: 'access-key', id: 'AKIAALICE' },
  principal: { kind: 'user', name: 'alice', arn: user('alice').arn },
  who: 'bob',
  why: 'the export needs it',
  at: asOf,
  commandOptions: { ledger: '--ledger dynamodb:ledger', notices: '--topic-arn arn' },
});

const all: readonly (readonly [name: string, notice: Notice])[] = [
  ['an alert', alert(mixedAudit)],
  ['an alert about what could not be judged', alert(auditOf([rootKeyFinding({ status: 'error' })]))],
  [
    'findings',
    findingsOf({ found: mixedAudit.findings, before: [finding({ severity: 'low' }), finding({ id: 'not-found' })] }),
  ],
  ['many findings', findingsOf({ found: manyItems(5_000).map(({ principal }) => finding({ principal })) })],
  [
    'a digest of everything',
    digestOf(
      everyNotice.map(([, item]) => item),
      { overdue: [digestItem('resolved')] },
    ),
  ],
  ['a large digest', digestOf(manyItems(5_000), { fullReport: 's3://archive/reports/digest.txt' })],
  ['a correction', digestOf([digestItem('not-applied')], { isCorrection: true })],
  ['a restoration', restored],
];

const parsed = (notice: Notice): unknown => JSON.parse(noticeTexts(notice).default);

describe.each(all)('%s', (_, notice) => {
  it('is of the published schema, every property of it', () => {
    expect(noticeSchema.parse(parsed(notice))).toEqual(parsed(notice));
    expect(isNoticeData(parsed(notice))).toBe(true);
  });

  it('says the same in every form', () => {
    const { kind, severity, account, subject, data } = notice;
    expect([data.kind, data.severity, data.account.id, data.subject]).toEqual([kind, severity, account, subject]);
    expect(notice.chat.title).toContain(subject);
    for (const { title, count } of data.groups) expect(notice.chat.description).toContain(`*${title}* (${count}`);
  });

  it('counts what it leaves out', () => {
    const { groups, items, omitted } = notice.data;
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(items.length + omitted);
  });
});

describe('data', () => {
  it('of an alert hold what a machine needs to act', () => {
    expect(alert(auditOf([rootKeyFinding(), finding()])).data).toMatchObject({
      kind: 'alert',
      severity: 'critical',
      account: { id: '123456789012', alias: 'acme-prod' },
      audit: { fail: 2, bySeverity: { critical: 1, high: 1 } },
      items: [{ group: 'critical', rule: 'root-access-key', principal: { kind: 'root' }, status: 'fail' }],
    });
  });

  it('of a digest hold key, user, owner, date and reason', () => {
    const { data } = digestOf([digestItem('deactivated', { by: 'keysweep', dueAt, owner: 'ops@example.com' })]);
    expect(data).toMatchObject({
      kind: 'digest',
      mode: 'enforce',
      sweep: 'sweep-1',
      groups: [{ id: 'deactivated', count: 1 }],
      items: [
        {
          credential: { id: 'AKIAALICE' },
          principal: { name: 'alice' },
          owner: 'ops@example.com',
          dueAt: '2026-12-06T04:30:00.000Z',
          why: 'unused for 120 days (limit 45)',
          undo: 'keysweep restore AKIAALICE --why WHY',
          by: 'keysweep',
        },
      ],
    });
  });

  it('of a key that stays active name no date of a change', () => {
    const { data } = digestOf([digestItem('reminder', { about: 'rotate', dueAt })]);
    expect(data.items[0]).not.toHaveProperty('dueAt');
  });

  it('of a digest and its correction have ids of their own and one thread', () => {
    const digest = digestOf([digestItem('deactivated', { by: 'keysweep' })]).data;
    const correction = digestOf([digestItem('not-applied')], { isCorrection: true }).data;
    expect(correction.thread).toBe(digest.thread);
    expect(correction.id).not.toBe(digest.id);
  });

  it('keep the first items of each group where there is no room for all', () => {
    const urgent = digestItem('deactivated', { by: 'keysweep', id: 'AKIAURGENT' });
    const { items, omitted, groups } = digestOf([...manyItems(5_000), urgent]).data;
    expect(items[0]?.credential?.id).toBe('AKIAURGENT');
    expect(items[1]?.credential?.id).toBe('AKIA0X');
    expect(omitted).toBe(5_001 - items.length);
    expect(items.length).toBeGreaterThan(50);
    expect(groups.map(({ count }) => count)).toEqual([1, 5_000]);
  });
});

describe('severity', () => {
  it.each([
    ['high', digestItem('deactivated', { by: 'keysweep' })],
    ['high', digestItem('deleted', { by: 'keysweep' })],
    ['medium', digestItem('final-notice', { about: 'deactivate' })],
    ['low', digestItem('first-notice', { about: 'deactivate' })],
    ['low', digestItem('reminder', { about: 'rotate' })],
    ['info', digestItem('resolved')],
  ])('is %s for a digest whose worst is such a notice', (severity, item) => {
    expect(digestOf([digestItem('resolved'), item]).severity).toBe(severity);
  });

  it('of a correction is that of what it corrects: a filter passes both', () => {
    const digest = digestOf([digestItem('deactivated', { by: 'keysweep' })]);
    expect(digestOf([digestItem('not-applied')], { isCorrection: true }).severity).toBe(digest.severity);
  });
});

describe('the size of a message, escapes of all its parts counted', () => {
  const bytes = (notice: Notice) => Buffer.byteLength(JSON.stringify(noticeTexts(notice)));
  const limit = 256 * 1024;
  /** Left for the attributes. */
  const margin = 1024;

  it.each([
    ['plain', {}],
    ['long', { why: 'y'.repeat(10_000), owner: 'ö'.repeat(10_000) }],
    ['of quotes and backslashes', { why: '"\\'.repeat(5_000), owner: '"\\'.repeat(5_000) }],
    ['of control characters', { why: '\u001b\u202e'.repeat(5_000), owner: '\u0000'.repeat(10_000) }],
    ['of emoji', { why: '🔑'.repeat(5_000), owner: '🔑'.repeat(5_000) }],
    ['of markup', { why: '<&>`*'.repeat(2_000), owner: '&'.repeat(10_000) }],
  ])('fits SNS for 2,000 notices whose texts are %s', (_, fields) => {
    const items = manyItems(2_000, fields);
    const waiting = items.map(({ credential, principal, why = '' }) => ({ credential, principal, why }));
    expect(bytes(digestOf(items, { deferred: waiting, overdue: waiting }))).toBeLessThan(limit - margin);
    const findings = items.map(({ principal, why = '' }) => finding({ severity: 'critical', principal, reason: why }));
    expect(bytes(alert(auditOf(findings)))).toBeLessThan(limit - margin);
    const found = findings.flatMap((one, at) => [
      { ...one, severity: 'high' as const },
      { ...one, id: `u${at}`, status: 'error' as const, severity: 'low' as const },
    ]);
    const before = findings.map((one, at) => ({ ...one, id: `b${at}` }));
    expect(bytes(findingsOf({ found, before }))).toBeLessThan(limit - margin);
  });

  it('fits SNS wherever the body is as long as it may be', () => {
    const sizes = Array.from({ length: 31 }, (_, at) => bytes(digestOf(manyItems(500 + at * 100))));
    expect(Math.max(...sizes)).toBeLessThan(limit - margin);
    // So much room is used that a larger body would not fit.
    expect(Math.max(...sizes)).toBeGreaterThan(limit / 2);
  });

  it('fits SNS for every number of notices with any text', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 600 });
    const kinds = fc.constantFrom(...everyNotice.map(([, item]) => item));
    const items = fc.array(fc.tuple(kinds, texts, texts), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 150 }), (some, times) => {
        const notified = some.map(([item, why, owner]): NoticeItem => ({ ...item, why, owner }));
        expect(bytes(digestOf(Array.from({ length: times }, () => notified).flat()))).toBeLessThan(limit - margin);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a restoration', () => {
  it('says who and why', () => {
    expect(restored.subject).toBe('[acme-prod] AKIAALICE of alice reactivated');
    expect(restored.body).toContain('   Who  bob\n   Why  the export needs it\n');
    expect(restored.data.items[0]).toMatchObject({ by: 'person', who: 'bob', why: 'the export needs it' });
    expect(restored.chat.description).toContain('`AKIAALICE` of `alice`: the export needs it; by bob');
  });

  it('names the ledger in the command that shows the details of the key', () => {
    const details = 'keysweep explain AKIAALICE --ledger dynamodb:ledger';
    expect(restored.body).toMatch(new RegExp(`\nIts details and history:\n {4}${details}\n$`));
    expect(restored.chat.nextSteps).toEqual([`Its details and history: \`${details}\``]);
    expect(restored.data.nextSteps).toEqual([{ text: 'Its details and history', command: details }]);
  });
});
