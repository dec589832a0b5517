import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/model.ts';
import { auditText } from '../../reports/audit-text.ts';
import { findingsMessage, fullFindingsMessage, unnamedInMessage } from '../../reports/findings-message.ts';
import { slackMessage } from '../../reports/slack/message.ts';
import {
  account,
  auditOf,
  exemption,
  finding,
  findingWithoutCredential,
  mixedAudit,
  rootKeyFinding,
  user,
} from '../support/audit-fixture.ts';
import { type FindingsFixture, findingsInput, findingsOf } from '../support/findings-fixture.ts';

const mfa = (name: string, changes: Partial<Finding> = {}) =>
  findingWithoutCredential({ principal: user(name), ...changes });
const many = (count: number, changes: Partial<Finding> = {}) =>
  Array.from({ length: count }, (_, at) => mfa(`user${at}`, changes));
const unjudged = finding({
  status: 'error',
  principal: user('erin'),
  reason: 'cannot be judged: AccessDenied: the caller lacks iam:GetAccessKeyLastUsed',
});

/** On one line, however it is folded. */
const bodyOf = (fixture: FindingsFixture) => findingsOf(fixture).body.replace(/\s+/g, ' ');
const headingsOf = ({ body }: { readonly body: string }) => body.match(/^(?:NEW|NOT JUDGED|RESOLVED).*\(\d+\)$/gm);

describe('the message', () => {
  it('has the most urgent first, each with what to do about it, what is not judged, and what is resolved at the end', () => {
    const notice = findingsOf({
      before: [finding(), mfa('bob')],
      found: [mfa('alice', { severity: 'low' }), mfa('carol'), rootKeyFinding(), unjudged],
    });
    expect(headingsOf(notice)).toEqual([
      'NEW, HIGH: Console user has no MFA [console-mfa-missing] (1)',
      'NEW, LOW: Console user has no MFA [console-mfa-missing] (1)',
      'NOT JUDGED (1)',
      'RESOLVED (2)',
    ]);
    expect(notice.body).toMatch(
      /\(1\)\nAsk the user to register an MFA device[\s\S]*\n\n1\. carol\n {3}What {5}password without MFA\n/,
    );
    expect(notice.data.groups.map(({ id, count }) => `${id} ${count}`)).toEqual([
      'new-high/console-mfa-missing 1',
      'new-low/console-mfa-missing 1',
      'not-judged 1',
      'resolved 2',
    ]);
  });

  it('counts what is critical, and leaves it to the alert', () => {
    const notice = findingsOf({ found: [rootKeyFinding(), mfa('alice')] });
    expect(notice.body).toContain('2 new findings (1 critical, 1 high)');
    expect(notice.body).toContain('1 critical finding is listed in the alert, not here');
    expect(JSON.stringify([notice.data.items, notice.body])).not.toContain('root-access-key');
    expect(notice.severity).toBe('high');
  });

  it.each([
    ['2 critical findings (1 new) are listed in the alert, not here', [rootKeyFinding({ id: 'a' })]],
    [
      '2 critical findings are listed in the alert, not here',
      [rootKeyFinding({ id: 'a' }), rootKeyFinding({ id: 'b' })],
    ],
  ])('says %s', (sentence, before) => {
    const found = [rootKeyFinding({ id: 'a' }), rootKeyFinding({ id: 'b' }), mfa('alice')];
    expect(bodyOf({ before, found })).toContain(sentence);
  });

  it.each<[string, FindingsFixture, string]>([
    [
      'the first of an account',
      { found: [mfa('a')] },
      'has reported no earlier audit of this account, so everything open counts as new.',
    ],
    ['a later one', { before: [], found: [mfa('a')] }, 'Changes since the audit of 2026-11-21 02:30 UTC.'],
    ['one after which nothing is left', { before: [mfa('a')], found: [] }, 'Nothing is open anymore.'],
    [
      'one that could not judge the rest',
      { before: [mfa('a')], found: [unjudged] },
      'Nothing that could be judged is open.',
    ],
    ['one in mode warn', { found: [mfa('a')], mode: 'warn' }, 'the digest reports them.'],
    ['one in mode audit', { found: [mfa('a')] }, 'keysweep runs in mode audit and has changed nothing.'],
    ['one with a report', { found: [mfa('a')], fullReport: 's3://b/audit.txt' }, 'Full report: s3://b/audit.txt'],
    ['one of more severity', { before: [mfa('a', { severity: 'low' })], found: [mfa('a')] }, 'Was low'],
    [
      'one with an exemption',
      { before: [mfa('a')], found: [mfa('a', { status: 'exempt', exemption })] },
      'a: Console user has no MFA: now exempt until 2027-06-30 by exemption 1 (user=break-glass-*) (sealed emergency access, tested each quarter); it had been open since 2026-11-21 02:30 UTC',
    ],
    [
      'what is missing where no one could judge',
      { found: [unjudged] },
      'of erin: Access key is unused: cannot be judged: AccessDenied: the caller lacks iam:GetAccessKeyLastUsed',
    ],
  ])('says of %s: …', (_, fixture, sentence) => {
    expect(bodyOf(fixture)).toContain(sentence);
  });

  it('names a resolved finding of a rule that no one knows any more', () => {
    const input = findingsInput({ before: [mfa('a')], found: [] });
    const [first] = input.news.resolved;
    if (first === undefined) throw new Error('nothing is resolved');
    const resolved = [
      { ...first, resolution: 'rule-disabled', finding: { ...first.finding, rule: 'haunted' } },
    ] as const;
    const text = fullFindingsMessage({ ...input, news: { ...input.news, resolved } });
    expect(text).toContain('   a: haunted: no longer checked: the rule is disabled;');
  });
});

describe('the subject', () => {
  it.each([
    [[mfa('a')], [], '[acme-prod] 1 new finding (1 high)'],
    [[], [mfa('a'), mfa('b')], '[acme-prod] 2 resolved'],
    [[unjudged], [], '[acme-prod] 1 check not possible'],
    [
      [mfa('a'), mfa('b', { severity: 'low' }), unjudged],
      [mfa('c')],
      '[acme-prod] 2 new findings (1 high, 1 low), 1 resolved, 1 check not possible',
    ],
  ])('sums up what there is, as far as there is room (%#)', (found, before, subject) => {
    const notified = findingsOf({ found, before }).subject;
    expect(notified).toBe(
      subject.length > 99 ? subject.replace(' (1 high, 1 low)', '').replace(/$/, ' (acme-prod)') : subject,
    );
    expect(notified.length).toBeLessThan(100);
  });
});

describe('the severity', () => {
  it.each([
    ['that of the worst it lists', [mfa('a', { severity: 'medium' }), unjudged], [], 'high'],
    ['medium', [mfa('a', { severity: 'medium' }), rootKeyFinding()], [], 'medium'],
    ['info where something is resolved', [rootKeyFinding()], [rootKeyFinding(), mfa('a')], 'info'],
  ] as const)('is %s', (_, found, before, severity) => {
    expect(findingsOf({ found, before }).severity).toBe(severity);
  });
});

describe('too much for a message', () => {
  it('shows the first ten in full, the next fifty of a group on a line each, and counts the rest', () => {
    const { body } = findingsOf({
      found: [...many(100), ...many(61, { rule: 'console-password-unused' })],
      fullReport: 'https://a',
    });
    expect(body.match(/^\d+\. /gm)).toHaveLength(10);
    expect(body.match(/^ {3}user\d+: /gm)).toHaveLength(50 + 50);
    expect(body.match(/^ {3}\.\.\. and \d+ more: see the full report$/gm)).toEqual([
      '   ... and 40 more: see the full report',
      '   ... and 11 more: see the full report',
    ]);
  });

  it('names more of them where no report is kept, and says where the rest is to be seen', () => {
    expect(findingsOf({ found: many(100) }).body.match(/^ {3}user\d+: /gm)).toHaveLength(90);
    expect(findingsOf({ found: many(700) }).body).toContain('   ... and 190 more: run keysweep audit\n');
  });

  it('knows whom it names nowhere, or not in every form', () => {
    const input = findingsInput({ found: many(700) });
    const message = findingsMessage(input);
    const unnamed = new Set(unnamedInMessage(input, message));
    expect(unnamed.size).toBeGreaterThan(0);
    const slack = JSON.stringify(slackMessage({ text: JSON.stringify(message.data) }));
    for (const { finding } of input.news.opened) {
      const name = finding.principal.name;
      const isNamed = [message.body, message.chat.description, slack].every((text) =>
        new RegExp(`\\b${name}\\b`).test(text),
      );
      expect(unnamed.has(finding.id), name).toBe(!isNamed);
    }
    expect(unnamedInMessage({ ...input, fullReport: 'https://a' }, message)).toEqual([]);
  });

  it('is all in the text that is kept, with the alert and the whole audit', () => {
    const input = findingsInput({ found: [...many(200), rootKeyFinding()] });
    const text = auditText(input.audit, {}, input);
    expect(text.match(/^\d+\. /gm)).toHaveLength(201);
    expect(text.indexOf('Root user has an access key')).toBeLessThan(text.indexOf('NEW, HIGH'));
    expect(text.indexOf('NEW, HIGH')).toBeLessThan(text.indexOf('THE WHOLE AUDIT'));
    expect(auditText(auditOf([]), {})).not.toContain('THE WHOLE AUDIT');
  });

  it('is summed up in Slack, with every group', () => {
    const { data } = findingsOf({ found: [...many(500), ...mixedAudit.findings] });
    const text = JSON.stringify(slackMessage({ text: JSON.stringify(data) }));
    expect(text.length).toBeLessThan(12_000);
    for (const { title } of data.groups) expect(text).toContain(title);
  });
});

it('for machines says of each finding which it is, how severe, and why it is there or no longer', () => {
  const { data } = findingsOf({ before: [mfa('bob')], found: [mfa('alice')] });
  const page = `https://console.aws.amazon.com/iam/home#/users/details/alice?section=security_credentials`;
  expect(data).toMatchObject({
    kind: 'findings',
    mode: 'audit',
    account,
    audit: { fail: 1 },
    items: [
      { finding: mfa('alice').id, rule: 'console-mfa-missing', severity: 'high', status: 'fail', console: page },
      { finding: mfa('bob').id, rule: 'console-mfa-missing', resolution: 'no-longer-found' },
    ],
  });
  expect(data.items[1]).not.toHaveProperty('status');
});
