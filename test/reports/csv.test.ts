import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleById } from '../../core/rules/index.ts';
import { renderCsv } from '../../reports/csv.ts';
import { auditOf, exemption, finding, findingWithoutCredential, mixedAudit, user } from '../support/audit-fixture.ts';

function rowsOf(csv: string): Record<string, string>[] {
  return parse(csv, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
}

describe('renderCsv', () => {
  it('has the columns that readers rely on, in their order', () => {
    expect(renderCsv(auditOf([]))).toBe(
      'account_id,account_alias,as_of,report_generated_at,severity,status,rule,principal_kind,principal_name,' +
        'principal_arn,credential_kind,credential_id,credential_slot,reason,evidence,controls,exemption_reason,' +
        'exemption_owner,exemption_expires,finding_id,exemption_number,exemption_match,remedy\r\n',
    );
  });

  it('has one row a finding, in the order of the findings', () => {
    const rows = rowsOf(renderCsv(mixedAudit));
    expect(rows.map(({ rule, status }) => `${rule} ${status}`)).toEqual(
      mixedAudit.findings.map(({ rule, status }) => `${rule} ${status}`),
    );
  });

  it('holds every fact of a finding', () => {
    const [row] = rowsOf(renderCsv(auditOf([finding({ status: 'exempt', exemption })])));
    expect(row).toEqual({
      account_id: '123456789012',
      account_alias: 'acme-prod',
      as_of: '2026-11-22T02:30:00.000Z',
      report_generated_at: '2026-11-22T02:18:00.000Z',
      severity: 'high',
      status: 'exempt',
      rule: 'access-key-unused',
      principal_kind: 'user',
      principal_name: 'alice',
      principal_arn: 'arn:aws:iam::123456789012:user/alice',
      credential_kind: 'access-key',
      credential_id: 'AKIAY34FZKBOKMUTVV7A',
      credential_slot: '1',
      reason: 'unused for 120 days (limit 45)',
      evidence: '{"status":"Active","createdAt":"2025-01-02T03:04:05.000Z","idleDays":120.25}',
      controls: 'CIS-3.0:1.12 SecurityHub:IAM.22',
      exemption_reason: 'sealed emergency access, tested each quarter',
      exemption_owner: 'security@example.com',
      exemption_expires: '2027-06-30',
      finding_id: 'access-key-unused:123456789012:user:alice:AKIAY34FZKBOKMUTVV7A',
      exemption_number: '1',
      exemption_match: 'user=break-glass-*',
      remedy: ruleById('access-key-unused').remedy,
    });
  });

  it('says what to do in this account, if the remedy of the rule does not fit it', () => {
    const [row] = rowsOf(renderCsv(auditOf([finding({ remedy: 'Ask AWS Support.' })])));
    expect(row?.remedy).toBe('Ask AWS Support.');
  });

  it('leaves empty what is not known', () => {
    const audit = auditOf([findingWithoutCredential()], {
      account: { id: '123456789012', partition: 'aws' },
      report: { rows: 1 },
    });
    const [row] = rowsOf(renderCsv(audit));
    expect(row).toMatchObject({ account_alias: '', report_generated_at: '', credential_kind: '', credential_id: '' });
  });

  it.each(['=cmd', '+1', '-2', '@SUM(A1)', '\t=x', '\r=x', '\n=x', '＝x', '=HYPERLINK("http://evil";"x")'])(
    'gives a spreadsheet no formula for the user name %j',
    (name) => {
      const [row] = rowsOf(renderCsv(auditOf([finding({ principal: user(name) })])));
      expect(row?.principal_name).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      // What no spreadsheet can run stays as it is.
      expect(row?.principal_arn?.startsWith('arn:aws:iam::')).toBe(true);
    },
  );

  it('leaves a formula sign inside a name alone', () => {
    const [row] = rowsOf(renderCsv(auditOf([finding({ principal: user('bob+ops=1@example.com') })])));
    expect(row?.principal_name).toBe('bob+ops=1@example.com');
  });

  it('quotes commas and quotes, and keeps a line break out of the line', () => {
    const csv = renderCsv(auditOf([finding({ reason: 'says "no", then\nnothing' })]));
    expect(csv.split('\r\n')).toHaveLength(3);
    expect(rowsOf(csv)[0]?.reason).toBe('says "no", then\\x0anothing');
  });

  it('parses back to one row a finding whatever the texts are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (texts) => {
        const csv = renderCsv(auditOf(texts.map((reason) => finding({ reason, principal: user(reason) }))));
        const rows = rowsOf(csv);
        expect(rows).toHaveLength(texts.length);
        for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
      { numRuns: 200 },
    );
  });
});
