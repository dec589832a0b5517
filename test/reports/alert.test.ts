import { describe, expect, it } from 'vitest';
import { criticalAlert, fullAlert, unnamedInAlert } from '../../reports/alert.ts';
import {
  account,
  auditOf,
  exemption,
  finding,
  findingWithoutCredential,
  root,
  rootKeyFinding,
  user,
} from '../support/audit-fixture.ts';

const rootMfa = findingWithoutCredential({
  rule: 'root-mfa-missing',
  severity: 'critical',
  principal: root,
  reason: 'root can sign in without MFA',
  evidence: {},
});

function alertOf(...args: Parameters<typeof auditOf>) {
  const notice = criticalAlert(auditOf(...args));
  if (notice === undefined) throw new Error('there is no alert');
  return notice;
}

describe('criticalAlert', () => {
  it.each([
    ['nothing is found', []],
    ['the worst is high', [finding()]],
    ['what is critical is exempt', [rootKeyFinding({ status: 'exempt', exemption })]],
    ['a check that is not critical could not be made', [finding({ status: 'error' })]],
  ])('wakes no one when %s', (_, findings) => {
    expect(criticalAlert(auditOf(findings))).toBeUndefined();
  });

  it('says all that a person needs to act', () => {
    expect(alertOf([rootKeyFinding(), finding()])).toMatchObject({
      subject: '[acme-prod] 1 critical finding',
      body: `1 critical finding in AWS account 123456789012 (acme-prod).
As of 2026-11-22 02:30 UTC, from the credential report of 2026-11-22 02:18
UTC, 12 minutes old.

1. Root user has an access key [root-access-key]
   Who       the root user (arn:aws:iam::123456789012:root)
   Key       access key 1 (AWS shows the ids of root keys only to the root
             user)
   What      active access key of the root user
   Since     created 2019-03-04 05:06 UTC, last used 2026-11-20 21:22 UTC (s3,
             us-east-1)
   Fix       Find out who uses the key (CloudTrail, user identity Root), move
             that work to a role, then delete it: as the root user under
             Security credentials, or, where root has no password, through
             centralized root access (IAM console of the management account:
             Root access management).
   Console   https://console.aws.amazon.com/iam/home#/security_credentials
             (signed in as the root user)
   Activity  aws cloudtrail lookup-events --region us-east-1 --lookup-attributes AttributeKey=Username,AttributeValue=root

This audit: 2 findings, 0 exempt, 0 not judged.
For the current state, with credentials for account 123456789012:
    keysweep audit
keysweep has changed nothing.
`,
    });
  });

  it('names the key id, and where to look the user and the key up', () => {
    const { body } = alertOf([
      finding({ severity: 'critical', principal: user('ci+deploy@acme'), evidence: { lastUsed: 'never' } }),
    ]);
    expect(body).toContain('Who       ci+deploy@acme (arn:aws:iam::123456789012:user/ci+deploy@acme)');
    expect(body).toContain('Key       AKIAY34FZKBOKMUTVV7A\n');
    expect(body).toContain('Since     never used\n');
    expect(body).toContain('iam/home#/users/details/ci%2Bdeploy%40acme?section=security_credentials');
    expect(body).toContain('AttributeKey=AccessKeyId,AttributeValue=AKIAY34FZKBOKMUTVV7A');
  });

  it('leaves out what is not known', () => {
    const { body } = alertOf([rootMfa]);
    expect(body).not.toMatch(/^ {3}(Key|Since)/m);
  });

  it.each([
    ['aws-us-gov', 'https://console.amazonaws-us-gov.com/', '--region us-gov-west-1'],
    ['aws-cn', 'https://console.amazonaws.cn/', '--region cn-north-1'],
  ])('looks in the right place in %s', (partition, console, region) => {
    const critical = finding({ severity: 'critical' });
    const { body } = alertOf([critical], { account: { ...account, partition } });
    expect(body).toContain(console);
    expect(body).toContain(region);
  });

  it('guesses no address in a partition that it does not know', () => {
    const { body } = alertOf([rootKeyFinding()], { account: { ...account, partition: 'aws-new' } });
    expect(body).not.toMatch(/^ {3}(Look|Activity)/m);
  });

  it('says that a critical check was not possible: silence would be read as a pass', () => {
    const { subject, body } = alertOf([{ ...rootMfa, status: 'error', reason: 'cannot be judged: no root row' }]);
    expect(subject).toBe('[acme-prod] 1 critical check not possible');
    expect(body).toContain('1. Not judged: "Root user has no MFA" [root-mfa-missing]');
    expect(body).toContain('What      cannot be judged: no root row');
    expect(body).toContain('assume the worst');
  });

  it('names failures before what could not be judged', () => {
    const { subject, body } = alertOf([{ ...rootMfa, status: 'error' }, rootKeyFinding()]);
    expect(subject).toContain('1 critical finding, 1 critical check not possible');
    expect(body.indexOf('[root-access-key]')).toBeLessThan(body.indexOf('[root-mfa-missing]'));
  });

  it('stays readable when there is much: ten in full, the rest counted', () => {
    const many = Array.from({ length: 250 }, (_, at) => finding({ severity: 'critical', principal: user(`u${at}`) }));
    const audit = auditOf(many);
    const linked = criticalAlert(audit, { fullReport: 'https://archive.example/audit.txt' });
    expect(linked?.subject).toContain('250 critical findings');
    expect(linked?.body.match(/^\d+\. /gm)).toHaveLength(10);
    expect(linked?.body).toContain('... and 240 more');
    expect(linked?.body.length).toBeLessThan(16_384);
    expect(linked && unnamedInAlert(audit, linked)).toEqual([]);
    // Where no report is linked, the others are named at least.
    const { body } = alertOf(many);
    expect(body.match(/^\d+\. /gm)).toHaveLength(10);
    expect(many.every(({ principal }) => body.includes(`user/${principal.name})`))).toBe(true);
    expect(body).not.toContain('more of this kind');
  });

  it('knows which findings it does not name in every form', () => {
    const many = Array.from({ length: 700 }, (_, at) => {
      return finding({ id: `f${at}`, severity: 'critical', principal: user(`u${at}`) });
    });
    const audit = auditOf(many);
    const alert = alertOf(many);
    const unnamed = new Set(unnamedInAlert(audit, alert));
    expect(unnamed.size).toBeGreaterThan(190);
    for (const { id, principal } of many) {
      const isNamed = new RegExp(`user/${principal.name}\\b`).test(alert.body);
      if (!isNamed) expect(unnamed.has(id)).toBe(true);
      if (!unnamed.has(id)) expect(alert.chat.description).toMatch(new RegExp(`\`${principal.name}\``));
    }
  });

  it.each([
    ['of usual length', 'acme-prod'],
    ['of the greatest length', 'a'.repeat(63)],
    ['with a line break', 'acme\nBcc: everyone'],
    ['in another script', 'アクメ'],
  ])('has a subject that SNS takes, for an alias %s', (_, alias) => {
    const { subject } = alertOf([rootKeyFinding(), { ...rootMfa, status: 'error' }], {
      account: { ...account, alias },
    });
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(subject).toContain(/^[a-z-]+$/.test(alias) && alias.length < 60 ? `[${alias}] ` : `[${account.id}] `);
  });

  it('keeps control characters and endless texts out of the message', () => {
    const evil = `x\u001b[2J\u202e\r\n2. Nothing to see here ${'y'.repeat(100_000)}`;
    const { body } = alertOf([finding({ severity: 'critical', principal: user(evil), reason: evil })]);
    expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(body.match(/^\d+\. /gm)).toHaveLength(1);
    expect(body.length).toBeLessThan(4_000);
  });

  it('gives no command to paste that a key id could have written', () => {
    const { body } = alertOf([
      finding({ severity: 'critical', credential: { kind: 'access-key', id: 'AKIA; rm -rf ~' } }),
    ]);
    expect(body).not.toContain('lookup-events');
  });
});

describe('where there was an audit before', () => {
  const audit = auditOf([rootKeyFinding(), rootMfa]);
  const known = { id: rootKeyFinding().id, since: new Date('2026-11-03T02:30:00Z'), alerted: true };
  const fresh = { id: rootMfa.id, since: audit.asOf, alerted: false };
  const alertBeside = (open: readonly (typeof known)[], findings = audit) =>
    criticalAlert(findings, { history: new Map(open.map(({ id, ...history }) => [id, history])) });

  it('says how many findings are new, and since when the others are found', () => {
    const notice = alertBeside([known, fresh]);
    expect(notice?.subject).toBe('[acme-prod] 2 critical findings (1 new)');
    expect(notice?.body).toContain('Found     first on 2026-11-03 02:30 UTC, 19 days before this audit');
    expect(notice?.body).toContain('Found     new since the last audit');
    expect(notice?.chat.description).toContain('Found: first on 2026-11-03 02:30 UTC, 19 days before this audit');
    expect(notice?.data).toMatchObject({
      newFindings: 1,
      items: [{ foundAt: '2026-11-03T02:30:00.000Z' }, { foundAt: audit.asOf.toISOString() }],
    });
  });

  it('says so where none is new', () => {
    const notice = alertBeside([known], auditOf([rootKeyFinding()]));
    expect(notice?.subject).toContain('1 critical finding (none new)');
    expect(notice?.data.newFindings).toBe(0);
  });

  it('counts what was found before, and never alerted of as critical', () => {
    const notice = alertBeside([{ ...known, alerted: false }], auditOf([rootKeyFinding()]));
    expect(notice?.subject).toContain('1 critical finding (1 new)');
    expect(notice?.body).toContain('Found     first on 2026-11-03');
    expect(notice?.data.newFindings).toBe(1);
  });

  it('never takes for old what could not be judged, or is not known', () => {
    const unjudged = auditOf([{ ...rootKeyFinding(), status: 'error' }]);
    expect(alertBeside([known], unjudged)?.data.newFindings).toBe(1);
    expect(alertBeside([])?.data.newFindings).toBe(2);
    expect(criticalAlert(audit)?.data.newFindings).toBe(2);
  });
});

describe('the full report', () => {
  const link = 'https://console.aws.amazon.com/s3/object/archive?prefix=reports%2Falert.txt';
  const many = Array.from({ length: 250 }, (_, at) => finding({ severity: 'critical', principal: user(`u${at}`) }));

  it('is linked where it is kept', () => {
    const notice = criticalAlert(auditOf(many), { fullReport: link });
    expect(notice?.body).toContain(`\nFull report:\n    ${link}\n`);
    expect(notice?.data.fullReport).toBe(link);
    expect(alertOf(many).body).not.toContain('The full report');
  });

  it('holds every critical finding in full', () => {
    const text = fullAlert(auditOf([...many, finding({ principal: user('not-critical') })])) ?? '';
    expect(text.match(/^\d+\. /gm)).toHaveLength(250);
    expect(text).not.toContain('not-critical');
  });

  it('is none where there is no alert', () => {
    expect(fullAlert(auditOf([finding()]))).toBeUndefined();
  });
});
