import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { SECOND } from '../../../core/duration.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { loadPolicy } from '../../../core/policy/load.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import { starterPolicy } from '../../../core/policy/starter.ts';
import { writtenPolicy } from '../../../core/policy/written.ts';

const everything = `version: 1
mode: enforce
accessKeys: { maxAge: 36h, maxIdle: 4d, warn: [90m, 5m], deactivateInUse: true }
consolePasswords: { maxAge: 365d }
limits: { maxDeactivations: 5%, maxDeletions: 0, maxReportAge: 6h }
calendar: { timezone: Europe/Berlin, days: [Mon], freeze: [2026-12-18/2027-01-04] }
overrides:
  - match: { tag: { kind: machine } }
    accessKeys: { maxAge: 180d }
exemptions:
  - { match: { user: "break-glass-*" }, rules: "*", reason: sealed, owner: security@example.com, expires: 2027-06-30 }
  - { match: { account: "111122223333" }, rules: [access-key-unused], reason: r, owner: o, expires: 2027-06-30 }
rules: { access-keys-two-active: off, console-mfa-missing: { severity: high }, access-key-unused: on }
notices: { ownerTag: team, channels: [{ protocol: sms, endpoint: "+4915112345678" }] }
deployment: { schedule: { at: "01:15", flexibleWindow: 0m }, email: [a@example.com], tags: { cost-center: "4711" } }
`;

const again = (policy: Policy) => loadPolicy(stringify(writtenPolicy(policy)), 'written.yaml');

it.each([
  ['the defaults', 'version: 1'],
  ['the starter', starterPolicy],
  ['everything', everything],
])('%s, written and loaded again, are the same policy', (_, text) => {
  const policy = loadPolicy(text, 'keysweep.yaml');
  expect(again(policy)).toEqual(policy);
});

it('any thresholds and caps, written and loaded again, are the same', () => {
  const time = fc.integer({ min: 86_400, max: 40_000_000 }).map((seconds) => seconds * SECOND);
  const cap = fc.oneof(fc.record({ count: fc.nat(500) }), fc.record({ percent: fc.nat(100) }));
  fc.assert(
    fc.property(time, time, cap, cap, (maxAge, maxIdle, maxDeactivations, maxDeletions) => {
      const policy = {
        ...defaultPolicy,
        accessKeys: { ...defaultPolicy.accessKeys, maxAge, maxIdle },
        limits: { ...defaultPolicy.limits, maxDeactivations, maxDeletions },
      };
      expect(again(policy)).toEqual(policy);
    }),
  );
});

it('durations and caps are written as people write them', () => {
  const policy = loadPolicy(everything, 'keysweep.yaml');
  expect(writtenPolicy(policy)).toMatchObject({
    accessKeys: { maxAge: '36h', maxIdle: '4d', warn: ['90m', '5m'], deleteAfter: '30d' },
    limits: { maxDeactivations: '5%', maxDeletions: 0, maxReportAge: '6h' },
    calendar: { freeze: ['2026-12-18/2027-01-04'] },
    rules: { 'access-keys-two-active': 'off' },
  });
});
