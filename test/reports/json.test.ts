import { describe, expect, it } from 'vitest';
import { auditSchema } from '../../reports/audit-schema.ts';
import { renderJson } from '../../reports/json.ts';
import { auditOf, finding, mixedAudit, user } from '../support/audit-fixture.ts';

describe('renderJson', () => {
  it('prints an audit with its keys in a fixed order', () => {
    expect(renderJson(auditOf([finding()]))).toBe(`{
  "schema": "keysweep/audit/v1",
  "account": {
    "id": "123456789012",
    "partition": "aws",
    "alias": "acme-prod"
  },
  "asOf": "2026-11-22T02:30:00.000Z",
  "report": {
    "generatedAt": "2026-11-22T02:18:00.000Z",
    "rows": 52
  },
  "summary": {
    "fail": 1,
    "exempt": 0,
    "error": 0,
    "bySeverity": {
      "critical": 0,
      "high": 1,
      "medium": 0,
      "low": 0,
      "info": 0
    }
  },
  "findings": [
    {
      "id": "access-key-unused:123456789012:user:alice:AKIAY34FZKBOKMUTVV7A",
      "rule": "access-key-unused",
      "severity": "high",
      "status": "fail",
      "principal": {
        "kind": "user",
        "name": "alice",
        "arn": "arn:aws:iam::123456789012:user/alice"
      },
      "credential": {
        "kind": "access-key",
        "id": "AKIAY34FZKBOKMUTVV7A",
        "slot": 1
      },
      "reason": "unused for 120 days (limit 45)",
      "evidence": {
        "status": "Active",
        "createdAt": "2025-01-02T03:04:05.000Z",
        "idleDays": 120.25
      },
      "controls": [
        "CIS-3.0:1.12",
        "SecurityHub:IAM.22"
      ]
    }
  ],
  "missingUsers": [],
  "stats": {
    "requests": {
      "iam:GenerateCredentialReport": 1,
      "iam:GetCredentialReport": 2
    },
    "durationMs": 812
  }
}
`);
  });

  it('does not depend on the order in which an audit was put together', () => {
    const { stats, findings, ...rest } = mixedAudit;
    const shuffled = {
      stats: { ...stats, requests: Object.fromEntries(Object.entries(stats.requests).reverse()) },
      findings: findings.map((one) => Object.fromEntries(Object.entries(one).reverse()) as typeof one),
      ...rest,
    };
    expect(renderJson(shuffled)).toBe(renderJson(mixedAudit));
  });

  it('sends no control character to a terminal, and means the same', () => {
    const name = 'mallory\u001b[2J\u009b2J\u007f\u202e\u2028\u{e0001}\ufeff';
    const json = renderJson(auditOf([finding({ principal: user(name) })]));
    expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(JSON.parse(json).findings[0].principal.name).toBe(name);
  });
});

describe('the published schema', () => {
  it.each([
    ['findings of every kind', mixedAudit],
    ['nothing found', auditOf([])],
    ['an offline audit', auditOf([], { account: { id: '123456789012', partition: 'aws' }, report: { rows: 1 } })],
  ])('describes the whole output of %s', (_, audit) => {
    const printed = JSON.parse(renderJson(audit));
    // Without its strictness a property could be printed that the schema does not describe.
    expect(auditSchema.safeParse(printed).error).toBeUndefined();
  });

  it.each([
    ['a rule that does not exist', { rule: 'no-such-rule' }],
    ['a status that does not exist', { status: 'pass' }],
    ['a slot that does not exist', { credential: { kind: 'access-key', slot: 3 } }],
  ])('refuses %s', (_, change) => {
    const printed = JSON.parse(renderJson(auditOf([finding()])));
    Object.assign(printed.findings[0], change);
    expect(auditSchema.safeParse(printed).success).toBe(false);
  });
});
