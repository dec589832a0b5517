import { describe, expect, it } from 'vitest';
import { renderTable } from '../../reports/table.ts';
import {
  auditOf,
  exemption,
  finding,
  findingWithoutCredential,
  mixedAudit,
  rootKeyFinding,
  user,
} from '../support/audit-fixture.ts';

const esc = String.fromCharCode(27);

function table(audit = mixedAudit, width = 80): string {
  return renderTable(audit, { width, color: false });
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

describe('renderTable', () => {
  it('says which account was judged as of when, and how old the report is', () => {
    const [first, second] = table().split('\n');
    expect(first).toBe('AWS account 123456789012 (acme-prod), as of 2026-11-22 02:30 UTC');
    expect(second).toBe('Credential report of 2026-11-22 02:18 UTC, 12 minutes old');
  });

  it.each([
    ['2026-11-20T01:00:00Z', '2 days old'],
    ['2026-11-22T02:29:30Z', 'just generated'],
    ['2026-11-22T02:30:02Z', 'just generated'],
    ['2026-11-23T00:00:00Z', 'generated after that time'],
  ])('a report of %s is %s', (generatedAt, age) => {
    expect(table(auditOf([], { report: { rows: 3, generatedAt: new Date(generatedAt) } }))).toContain(`UTC, ${age}\n`);
  });

  it('says that the age of a saved report is not known', () => {
    expect(table(auditOf([], { report: { rows: 3 } }))).toContain('Credential report of unknown age (a saved file)');
  });

  it('names the partition where it is not the usual one', () => {
    expect(table(auditOf([], { account: { id: '123456789012', partition: 'aws-us-gov' } }))).toContain(
      'AWS account 123456789012 (aws-us-gov)',
    );
  });

  it('shows the worst first, one heading a rule with its remedy', () => {
    const lines = table().split('\n');
    const headings = lines.filter((line) => /^(CRITICAL|HIGH|MEDIUM|LOW|NOT JUDGED|EXEMPT) /.test(line));
    expect(headings.map((line) => line.split('  ')[0])).toEqual([
      'CRITICAL',
      'HIGH',
      'MEDIUM',
      'MEDIUM',
      'LOW',
      'NOT JUDGED',
      'EXEMPT',
    ]);
    expect(headings[1]).toMatch(/^HIGH {2}Access key is unused \(2\) +access-key-unused$/);
    expect(lines.filter((line) => line.startsWith('  Fix: '))).toHaveLength(5);
  });

  it('keeps two severities of one rule apart', () => {
    const text = table(auditOf([rootKeyFinding(), rootKeyFinding({ severity: 'high', reason: 'inactive key' })]));
    expect(text).toMatch(/^CRITICAL {2}Root user has an access key/m);
    expect(text).toMatch(/^HIGH {2}Root user has an access key/m);
  });

  it.each([40, 46, 60, 80, 100, 120, 200])('keeps to %i columns, with every name, key id and reason in it', (width) => {
    const text = table(mixedAudit, width);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(Math.min(width, 140));
    const words = text.replace(/\s+/g, '');
    for (const { principal, credential, reason } of mixedAudit.findings) {
      if (principal.kind === 'user' && width >= 100) expect(words).toContain(principal.name.slice(0, 20));
      if (credential?.id !== undefined) expect(text).toContain(credential.id);
      if (width < 60) expect(words).toContain(reason.replace(/\s+/g, ''));
    }
  });

  it('lets a long name wrap in its own column', () => {
    const lines = table().split('\n');
    const at = lines.findIndex((line) => line.includes('AKIAY34FZKBOAAAAAAAA'));
    const column = lines.slice(at, at + 3).map((line) => line.slice(2, 27).trim());
    expect(column.join('')).toBe('deploy-to-production-from-the-old-build-server');
  });

  it('leaves no letter or two of a name below its column', () => {
    const names = [...Array.from({ length: 20 }, () => 'warehouse-loader'), 'trial-integration', 'x'.repeat(60)];
    const reason = 'unused for 168 days (limit 45); created 420 days ago (limit 90)';
    const text = table(auditOf(names.map((name) => finding({ principal: user(name), reason }))));
    expect(text).toMatch(/^ {2}trial-integration /m);
  });

  it('uses a wide terminal for one line a finding', () => {
    const name = 'deploy-to-production-from-the-build-box';
    const text = table(auditOf([finding({ principal: user(name) })]), 120);
    expect(text).toContain(`  ${name}  AKIAY34FZKBOKMUTVV7A  unused for 120 days (limit 45)\n`);
  });

  it('has no column for credentials where no finding is about one', () => {
    const text = table(auditOf([findingWithoutCredential({ principal: user('bob') })]));
    expect(text).toContain('\n  bob  password without MFA\n');
  });

  it('names the slot where the key id is not known, and says why', () => {
    const text = table(auditOf([finding({ credential: { kind: 'access-key', slot: 2 } })]));
    expect(text).toContain('  alice  access key 2  unused for 120 days (limit 45)');
    expect(flat(text)).toContain('A saved report has no key ids');
  });

  it('shows exempt findings with reason, owner and last day', () => {
    const text = flat(table(auditOf([finding({ status: 'exempt', exemption })])));
    expect(text).toContain(
      'EXEMPT 1 finding alice AKIAY34FZKBOKMUTVV7A access-key-unused unused for 120 days (limit 45)',
    );
    expect(text).toContain('until 2027-06-30, security@example.com: sealed emergency access, tested each quarter');
    expect(text).toContain('52 principals checked, nothing open, 1 exempt.');
  });

  it('prints a reason once for all the users that it applies to', () => {
    const reason = 'cannot be judged: AccessDenied: the caller lacks iam:ListAccessKeys';
    const unjudged = ['a', 'b', 'c'].map((name) => finding({ status: 'error', principal: user(name), reason }));
    const text = table(auditOf(unjudged));
    expect(text).toMatch(/^NOT JUDGED {2}Access key is unused \(3\)/m);
    expect(text.match(/iam:ListAccessKeys/g)).toHaveLength(1);
    for (const name of ['a', 'b', 'c']) expect(text).toMatch(new RegExp(`^  ${name}  AKIA`, 'm'));
  });

  it('never calls a run clean that could not judge everything', () => {
    const text = flat(table(auditOf([finding({ status: 'error', reason: 'denied' })])));
    expect(text).toContain('52 principals checked: no findings, 1 not judged.');
    expect(text).toContain('Not judged is not a pass');
    expect(text).not.toContain('nothing to report');
  });

  it('is short and exact when there is nothing to report', () => {
    expect(table(auditOf([]))).toBe(
      [
        'AWS account 123456789012 (acme-prod), as of 2026-11-22 02:30 UTC',
        'Credential report of 2026-11-22 02:18 UTC, 12 minutes old',
        '',
        '52 principals checked, nothing to report.',
        '',
      ].join('\n'),
    );
  });

  it('sums up on its last lines, with what to do next', () => {
    const text = flat(table());
    expect(text).toContain(
      '52 principals checked: 6 findings (1 critical, 2 high, 2 medium, 1 low), 1 not judged, 1 exempt.',
    );
    expect(text).toContain('- Fix the critical findings first');
    expect(text).toContain('exempt it in keysweep.yaml');
  });

  it('writes out control characters instead of sending them to the terminal', () => {
    const evil = `mallory${esc}[2J${esc}]0;owned\u0007\u202Egpj\nHIGH`;
    const audit = auditOf(
      [
        finding({ principal: user(evil), reason: evil, credential: { kind: 'access-key', id: evil } }),
        finding({ principal: user(evil), reason: evil, status: 'error' }),
        finding({ status: 'exempt', exemption: { ...exemption, owner: evil, reason: evil } }),
      ],
      { account: { id: '123456789012', partition: evil, alias: evil } },
    );
    const text = table(audit, 140);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('mallory\\x1b[2J\\x1b]0;owned\\x07\\u202egpj\\x0aHIGH');
  });

  it('colours only when asked, and colours change no text', () => {
    expect(table()).not.toContain(esc);
    const colored = renderTable(mixedAudit, { width: 80, color: true });
    expect(colored).toContain(`${esc}[41m`);
    expect(colored.replace(new RegExp(`${esc}\\[\\d+m`, 'g'), '')).toBe(table());
  });
});
