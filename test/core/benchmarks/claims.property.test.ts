import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import type { Finding, ObservedCredential, ObservedPrincipal } from '../../../core/model.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import {
  accessKey,
  ago,
  asOf,
  known,
  never,
  observation,
  policyWith,
  unknown,
  used,
  user,
} from '../../support/observation-builder.ts';

/** Ages in ms; often at the limits of benchmarks, or next to them. */
const age = fc.oneof(
  fc.integer({ min: 0, max: 400 * DAY }),
  fc.record({ days: fc.constantFrom(45, 90), by: fc.constantFrom(-1, 0, 1) }).map(({ days, by }) => days * DAY + by),
);
const lastUse = fc.oneof(age.map(used), fc.constant(never));
const key = fc
  .record({ created: age, lastUse, status: fc.constantFrom('Active' as const, 'Inactive' as const) })
  .map(({ created, lastUse: use, status }) => {
    return accessKey({ createdAt: known(ago(created)), lastUse: use, status: known(status) });
  });
const someone: fc.Arbitrary<ObservedPrincipal> = fc
  .record({
    keys: fc.array(key, { maxLength: 2 }),
    enabled: fc.boolean(),
    passwordUse: lastUse,
    changed: age,
    created: age,
    mfaActive: fc.oneof(fc.boolean().map(known), fc.constant(unknown())),
  })
  .map(({ keys, enabled, passwordUse, changed, created, mfaActive }) =>
    user({
      createdAt: known(ago(created)),
      credentials: keys.map((one, at) => ({
        ...one,
        createdAt: known(later(createdAt(one), ago(created))),
        ref: { ...one.ref, id: `AKIA${at}` },
      })),
      password: { enabled: known(enabled), lastUse: passwordUse, lastChanged: ago(changed) },
      mfaActive,
    }),
  );
const limit = fc.integer({ min: 1, max: 200 }).map((days) => days * DAY);
const policies: fc.Arbitrary<Policy> = fc
  .record({ maxAge: limit, maxIdle: limit, neverUsedGrace: limit, maxInactive: limit })
  .map(({ maxInactive, ...limits }) => {
    const { accessKeys, consolePasswords } = policyWith();
    return policyWith({
      accessKeys: { ...accessKeys, ...limits, maxInactive },
      consolePasswords: { ...consolePasswords, ...limits },
      rules: { 'user-mfa-missing': { enabled: true } },
    });
  });

const cis = (v3and4: string, v5: string, v6: string, v7?: string) => [
  `CIS-3.0:${v3and4}`,
  `CIS-4.0:${v3and4}`,
  `CIS-5.0:${v5}`,
  `CIS-6.0:${v6}`,
  ...(v7 === undefined ? [] : [`CIS-7.0:${v7}`]),
];

/** What an auditor would say, from the facts themselves. */
function violated({ rule, credential }: Finding, subject: ObservedPrincipal): readonly string[] {
  const { mfaActive, password } = subject;
  const one = subject.credentials.find(({ ref }) => ref.id === credential?.id);
  const noMfa = mfaActive.known && !mfaActive.value;
  switch (rule) {
    case 'access-key-unused':
    case 'access-key-never-used':
      return ofUnused(idleOf(one));
    case 'console-password-unused':
      return ofUnused(sinceLater(password.lastUse.kind === 'used' ? password.lastUse.at : undefined, subject));
    case 'console-password-never-used':
      return ofUnused(sinceLater(password.lastChanged, subject));
    case 'access-key-too-old':
      return since(createdAt(one)) > 90 * DAY
        ? [
            ...cis('1.14', '1.13', '2.13', '2.12'),
            'SecurityHub:IAM.3',
            'PCI-4.0.1:8.3.9',
            'PCI-4.0.1:8.6.3',
            'NIST-800-53r5:AC-2(1)',
            'NIST-800-53r5:AC-2(3)',
            'NIST-800-53r5:AC-3(15)',
          ]
        : [];
    case 'console-password-too-old':
      return noMfa && sinceLater(password.lastChanged, subject) > 90 * DAY ? ['PCI-4.0.1:8.3.9'] : [];
    case 'access-key-at-user-creation':
      return cis('1.11', '1.10', '2.10');
    case 'access-keys-two-active':
      return cis('1.13', '1.12', '2.12');
    case 'console-mfa-missing':
      return [
        ...cis('1.10', '1.9', '2.9', '2.10'),
        'SecurityHub:IAM.5',
        'SecurityHub:IAM.19',
        'PCI-4.0.1:8.4.2',
        'NIST-800-53r5:IA-2(1)',
        'NIST-800-53r5:IA-2(2)',
      ];
    case 'user-mfa-missing':
      return ['SecurityHub:IAM.19'];
    case 'access-key-inactive':
      return [];
    default:
      throw new RangeError(`say here what violates a control with ${rule}`);
  }
}

function ofUnused(idle: number): readonly string[] {
  return [
    ...(idle >= 45 * DAY ? [...cis('1.12', '1.11', '2.11', '2.11'), 'SecurityHub:IAM.22'] : []),
    ...(idle >= 90 * DAY ? ['SecurityHub:IAM.8'] : []),
    ...(idle > 90 * DAY ? ['PCI-4.0.1:8.2.6'] : []),
    'NIST-800-53r5:AC-2(3)',
  ];
}

/** No password is older than its user, or idle for longer: what is before the creation is of an earlier user. */
function sinceLater(time: Date | undefined, subject: ObservedPrincipal): number {
  return Math.min(since(time), since(createdAt(subject)));
}

function idleOf(one: ObservedCredential | undefined): number {
  const age = since(createdAt(one));
  return one?.lastUse.kind === 'used' ? Math.min(age, since(one.lastUse.at)) : age;
}

function createdAt(one: Pick<ObservedCredential, 'createdAt'> | undefined): Date | undefined {
  return one?.createdAt.known ? one.createdAt.value : undefined;
}

/** No key is older than its user. */
function later(time: Date | undefined, other: Date): Date {
  return time !== undefined && time > other ? time : other;
}

function since(time: Date | undefined): number {
  return time === undefined ? Number.NaN : asOf.getTime() - time.getTime();
}

describe('the controls of a finding', () => {
  it('are those that the facts violate, whatever the policy sets; none of what was not certain', () => {
    fc.assert(
      fc.property(someone, policies, (subject, policy) => {
        for (const finding of evaluate(observation([subject]), policy, asOf)) {
          const expected = finding.status === 'fail' ? violated(finding, subject) : [];
          expect([...finding.controls].sort(), finding.reason).toEqual([...expected].sort());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('stay with a finding that is exempt, and with one whose exemption cannot be judged', () => {
    const stale = user({ credentials: [accessKey({ lastUse: used(120 * DAY), createdAt: known(ago(120 * DAY)) })] });
    const excused = (match: Policy['exemptions'][number]['match']) =>
      policyWith({
        rules: { 'access-key-too-old': { enabled: false } },
        exemptions: [{ match, rules: '*', reason: 'r', owner: 'o', expires: '2999-01-01' }],
      });
    const [bare, exempt, doubtful] = [policyWith(), excused({ user: 'alice' }), excused({ tag: { kind: 'x' } })].map(
      (policy) => evaluate(observation([stale]), policy, asOf).find(({ rule }) => rule === 'access-key-unused'),
    );
    expect([bare?.status, exempt?.status, doubtful?.status]).toEqual(['fail', 'exempt', 'error']);
    expect(bare?.controls).toContain('SecurityHub:IAM.8');
    expect([exempt?.controls, doubtful?.controls]).toEqual([bare?.controls, bare?.controls]);
  });
});
