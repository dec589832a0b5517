import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import type { LastUse, ObservedCertificate, ObservedCredential, ObservedPrincipal } from '../../../core/model.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import { ago, asOf, known, observation, policyWith, unknown, user } from '../../support/observation-builder.ts';

const furthest = 2 * DAY;
const age = fc.integer({ min: -furthest, max: 1000 * DAY });
const moment = age.map(ago);
const knownOr = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: value.map(known) }, { weight: 1, arbitrary: fc.constant(unknown()) });
const lastUse: fc.Arbitrary<LastUse> = fc.oneof(
  moment.map((at) => ({ kind: 'used' as const, at })),
  fc.constant({ kind: 'never' as const }),
  fc.constant({ kind: 'unknown' as const, why: 'for a test' }),
);
const accessKey: fc.Arbitrary<ObservedCredential> = fc.record({
  ref: fc.constantFrom({ kind: 'access-key' as const, slot: 1 as const }),
  status: knownOr(fc.constantFrom('Active' as const, 'Inactive' as const, 'Expired' as const)),
  createdAt: knownOr(moment),
  lastUse,
  source: fc.constantFrom('report' as const, 'live' as const),
});
const certificate = (slot: 1 | 2): fc.Arbitrary<ObservedCertificate> =>
  fc.record({ slot: fc.constant(slot), active: knownOr(fc.boolean()), uploadedAt: knownOr(moment) });
const tags = knownOr(fc.dictionary(fc.constantFrom('kind', 'team'), fc.constantFrom('machine', 'web')));
const person: fc.Arbitrary<ObservedPrincipal> = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abAB1-') }),
    createdAt: knownOr(moment),
    enabled: knownOr(fc.boolean()),
    passwordUse: lastUse,
    lastChanged: moment,
    mfaActive: knownOr(fc.boolean()),
    keys: fc.array(accessKey, { maxLength: 2 }),
    certificates: fc.tuple(certificate(1), certificate(2)),
    tags,
  })
  .map(({ name, enabled, passwordUse, lastChanged, keys, ...rest }) => {
    const credentials = keys.map((key, index) => ({ ...key, ref: { ...key.ref, id: `AKIA${index}` } }));
    return user({ ...rest, password: { enabled, lastUse: passwordUse, lastChanged }, credentials }, name);
  });
const people = fc.uniqueArray(person, { maxLength: 6, selector: ({ principal }) => principal.name.toLowerCase() });

const match = fc.constantFrom(
  { user: 'a*' },
  { tag: { kind: 'machine' } },
  { tag: { team: '*' }, user: '*b' },
  { accessKeyId: 'AKIA1' },
);
const policies: fc.Arbitrary<Policy> = fc
  .record({
    exemptions: fc.array(
      match.map((own) => ({ match: own, rules: '*' as const, reason: 'r', owner: 'o', expires: '2999-01-01' })),
      { maxLength: 2 },
    ),
    overrides: fc.array(
      fc.record({
        match: fc.constantFrom({ user: 'a*' }, { tag: { kind: 'machine' } }, { tag: { team: '*' }, user: '*b' }),
        accessKeys: fc.record({ maxAge: age.map(Math.abs), maxIdle: age.map(Math.abs) }),
      }),
      { maxLength: 2 },
    ),
  })
  .map(policyWith);

describe('evaluate', () => {
  it('does not depend on the order of the users', () => {
    fc.assert(
      fc.property(people, policies, fc.nat(), (users, policy, turn) => {
        const turned = [
          ...users.slice(turn % (users.length + 1)),
          ...users.slice(0, turn % (users.length + 1)),
        ].reverse();
        expect(evaluate(observation(turned), policy, asOf)).toEqual(evaluate(observation(users), policy, asOf));
      }),
    );
  });

  it('gives every finding an id of its own', () => {
    fc.assert(
      fc.property(people, policies, (users, policy) => {
        const ids = evaluate(observation(users), policy, asOf).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('loses no finding when the credentials get older', () => {
    fc.assert(
      fc.property(people, policies, fc.integer({ min: 0, max: 400 * DAY }), (users, policy, later) => {
        const idsAt = (time: Date) => {
          const seen = observation(users, { report: { rows: users.length } });
          return evaluate(seen, policy, time)
            .filter(({ rule }) => rule !== 'exemption-expired' && rule !== 'root-used-recently')
            .map(({ id }) => id);
        };
        // What is in the future is not known until its time has come.
        const then = new Set(idsAt(ago(-furthest - later)));
        expect(idsAt(ago(-furthest)).filter((id) => !then.has(id))).toEqual([]);
      }),
    );
  });

  it('never turns an unknown into a pass: whatever fails once a fact is known was a finding before', () => {
    fc.assert(
      fc.property(people, policies, (users, policy) => {
        const blurred = users.map((subject) => ({
          ...subject,
          tags: unknown('denied'),
          credentials: subject.credentials.map((key) => ({
            ...key,
            lastUse: { kind: 'unknown' as const, why: 'denied' },
          })),
        }));
        const before = new Set(evaluate(observation(blurred), policy, asOf).map(({ id }) => id));
        // A last use before the creation cannot be: what lies there is no one's finding to keep.
        const possible = users.map((subject) => ({
          ...subject,
          credentials: subject.credentials.filter(({ createdAt, lastUse: use }) => {
            return use.kind !== 'used' || !createdAt.known || use.at.getTime() >= createdAt.value.getTime();
          }),
        }));
        const fails = evaluate(observation(possible), policy, asOf).filter(({ status }) => status === 'fail');
        expect(fails.filter(({ id }) => !before.has(id)).map(({ id }) => id)).toEqual([]);
      }),
    );
  });

  it('fails no active key used within the idle limit as unused, whatever else is odd', () => {
    fc.assert(
      fc.property(people, policies, fc.integer({ min: 0, max: 23 * HOUR }), (users, policy, idle) => {
        const busy = users.map((subject) => ({
          ...subject,
          credentials: subject.credentials.map((key) => ({
            ...key,
            lastUse: { kind: 'used' as const, at: ago(idle) },
          })),
        }));
        const strictest = Math.min(
          policy.accessKeys.maxIdle,
          ...policy.overrides.map(({ accessKeys }) => accessKeys?.maxIdle ?? Infinity),
        );
        fc.pre(idle < strictest);
        const rulesHit = evaluate(observation(busy), policy, asOf).map(({ rule }) => rule);
        expect(rulesHit).not.toContain('access-key-unused');
        expect(rulesHit).not.toContain('access-key-never-used');
      }),
    );
  });
});
