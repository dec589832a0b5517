import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../core/duration.ts';
import type { Finding } from '../../../core/model.ts';
import { observeReport } from '../../../core/observe.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { requiredColumns } from '../../../core/report/columns.ts';
import { parseReport } from '../../../core/report/parse.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import { ago, asOf, policyWith } from '../../support/observation-builder.ts';
import { awsTime, type Row, reportBytes, rootRow, userRow } from '../../support/report-builder.ts';

const uploaded = awsTime(ago(1000 * DAY));
const day = uploaded.slice(0, 10);

/** The two columns of a slot. */
function slot(number: 1 | 2, active: string, date: string): Row {
  return { [`cert_${number}_active`]: active, [`cert_${number}_last_rotated`]: date };
}

function judge(root: Row, user: Row, policy = defaultPolicy): readonly Finding[] {
  const columns = [...requiredColumns, 'additional_credentials_info'];
  const report = parseReport(reportBytes([rootRow(root), userRow('alice', user)], columns));
  return evaluate(observeReport(report), policy, asOf).filter(({ rule }) => rule.includes('certificate'));
}

function inShort(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, status, credential, reason }) => {
    return `${severity} ${status} ${credential?.slot ?? '-'} ${reason}`;
  });
}

const ahead = awsTime(ago(-15 * MINUTE - 1_000));
const impossible = '(2026-11-22T02:45:01.000Z) is in the future: a clock is wrong, or that date is';
const active = slot(1, 'true', uploaded);
const inactive = slot(2, 'false', uploaded);
const more = { additional_credentials_info: '1 certificate' };

describe('root-signing-certificate: one finding for each that exists', () => {
  it.each<[string, Row, string[]]>([
    ['none', {}, []],
    ['none, in other words', { ...slot(1, 'N/A', 'N/A'), ...slot(2, 'N/A', 'N/A') }, []],
    ['active', active, [`critical fail 1 root has a signing certificate, active, uploaded ${day}`]],
    ['inactive', inactive, [`high fail 2 root has a signing certificate, inactive, uploaded ${day}`]],
    [
      'both',
      { ...active, ...inactive },
      [
        `critical fail 1 root has a signing certificate, active, uploaded ${day}`,
        `high fail 2 root has a signing certificate, inactive, uploaded ${day}`,
      ],
    ],
    ['active, date not known', slot(2, 'TRUE', 'N/A'), ['critical fail 2 root has a signing certificate, active']],
    [
      'status not said',
      slot(1, 'not_supported', uploaded),
      ['critical error 1 cannot be judged: the credential report says not_supported for cert_1_active'],
    ],
    [
      'nothing said',
      slot(1, 'no_information', 'no_information'),
      ['critical error 1 cannot be judged: the credential report says no_information for cert_1_active'],
    ],
    [
      'uploaded in the future',
      slot(2, 'false', ahead),
      [`critical error 2 cannot be judged: its upload ${impossible}`],
    ],
    ['more than shown, but none is shown', more, []],
    [
      'more than shown',
      { ...active, ...inactive, ...more },
      [
        `critical fail 1 root has a signing certificate, active, uploaded ${day}`,
        'critical error - cannot be judged for all certificates: the credential report shows only two',
        `high fail 2 root has a signing certificate, inactive, uploaded ${day}`,
      ],
    ],
  ])('%s', (_, root, expected) => expect(inShort(judge(root, {}))).toEqual(expected));
});

describe('signing-certificate-active: one finding for each active certificate of a user', () => {
  it.each<[string, Row, string[]]>([
    ['none', {}, []],
    ['inactive', inactive, []],
    ['active', active, [`medium fail 1 active signing certificate, uploaded ${day}`]],
    ['active, date not known', slot(2, 'true', 'not_supported'), ['medium fail 2 active signing certificate']],
    [
      'uploaded later than the moment judged, as clocks differ',
      slot(1, 'true', awsTime(ago(-15 * MINUTE))),
      ['medium fail 1 active signing certificate, uploaded 2026-11-22'],
    ],
    ['uploaded in the future', slot(1, 'true', ahead), [`medium error 1 cannot be judged: its upload ${impossible}`]],
    [
      'status not said',
      slot(2, 'not_supported', uploaded),
      ['medium error 2 cannot be judged: the credential report says not_supported for cert_2_active'],
    ],
    [
      'more than shown, and both shown are inactive',
      { ...slot(1, 'false', uploaded), ...inactive, ...more },
      ['medium error - cannot be judged for all certificates: the credential report shows only two'],
    ],
  ])('%s', (_, user, expected) => expect(inShort(judge({}, user))).toEqual(expected));

  it('can be exempted by user', () => {
    const exemption = { match: { user: 'alice' }, reason: 'SOAP client', owner: 'o', expires: '2030-01-01' };
    const policy = policyWith({ exemptions: [{ ...exemption, rules: ['signing-certificate-active'] }] });
    expect(judge(active, active, policy).map(({ rule, status }) => `${rule} ${status}`)).toEqual([
      'root-signing-certificate fail',
      'signing-certificate-active exempt',
    ]);
  });

  it('says since when as evidence', () => {
    const [finding] = judge({}, active);
    expect(finding).toMatchObject({
      id: 'signing-certificate-active:123456789012:user:alice:slot-1',
      principal: { kind: 'user', name: 'alice' },
      credential: { kind: 'signing-certificate', slot: 1 },
      evidence: { status: 'Active', ageDays: 1000 },
    });
  });
});
