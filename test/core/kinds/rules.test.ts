import { describe, expect, it, vi } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { accessKey } from '../../../core/kinds/access-key.ts';
import type { RetirableKind } from '../../../core/kinds/kinds.ts';
import type { LastUse, ObservedCredential } from '../../../core/model.ts';
import { createEvaluator } from '../../../core/rules/evaluate.ts';
import { ruleIds } from '../../../core/rules/ids.ts';
import { badge, phrase, signet, token } from '../../support/invented-kinds.ts';
import {
  accessKey as activeKey,
  ago,
  asOf,
  known,
  never,
  observation,
  policyWith,
  unknownUse,
  used,
  user,
} from '../../support/observation-builder.ts';

vi.mock('../../../core/kinds/registry.ts', async (original) => {
  const { withInvented } = await import('../../support/invented-kinds.ts');
  return withInvented(await original());
});

const untracked: LastUse = { kind: 'untracked' };
const inactive = known('Inactive' as const);

function credential(kind: RetirableKind, fields: Partial<ObservedCredential> = {}): ObservedCredential {
  return activeKey({ ref: { kind, id: 'THEONLYONEOFALICE' }, source: 'live', ...fields });
}

const alice = user({ tags: known({}) });
const evaluator = createEvaluator(observation([]), policyWith(), asOf);

/** `status rule` of every finding on one credential. */
function judge(one: ObservedCredential): readonly string[] {
  return evaluator.evaluateCredential(alice, one).map(({ status, rule }) => `${status} ${rule}`);
}

const [justBefore, justAfter] = [-1, 1];

describe('a credential whose use is not tracked', () => {
  it.each([
    ['a millisecond under', 90 * DAY + justBefore, []],
    ['at', 90 * DAY, []],
    ['a millisecond over', 90 * DAY + justAfter, ['fail signet-too-old']],
    ['years over', 2_000 * DAY, ['fail signet-too-old']],
  ])('is judged by its age alone: %s the limit', (_, age, expected) => {
    expect(judge(credential(signet, { createdAt: known(ago(age)), lastUse: untracked }))).toEqual(expected);
  });

  it.each([
    ['a millisecond under', 90 * DAY + justBefore, []],
    ['at', 90 * DAY, ['fail signet-inactive']],
  ])('must not stay inactive for too long, by its creation: %s the limit', (_, age, expected) => {
    const fields = { status: inactive, createdAt: known(ago(age)), lastUse: untracked };
    expect(judge(credential(signet, fields))).toEqual(expected);
  });

  it.each([
    ['a millisecond under', 90 * DAY + justBefore, []],
    ['at', 90 * DAY, ['fail signet-inactive']],
  ])('the same by its being seen active: %s the limit', (_, age, expected) => {
    const fields = { status: inactive, createdAt: known(ago(900 * DAY)), lastUse: untracked };
    expect(judge(credential(signet, { ...fields, lastSeenActiveAt: ago(age) }))).toEqual(expected);
  });

  it('has no rule about use, in any case', () => {
    expect(ruleIds.filter((id) => id.startsWith('signet-'))).toEqual(['signet-too-old', 'signet-inactive']);
  });

  it('would not be judged by rules of use, did it have them', () => {
    expect(judge(credential(token, { createdAt: known(ago(80 * DAY)), lastUse: untracked }))).toEqual([]);
  });

  it('says in its evidence that no one tracks it', () => {
    const one = credential(signet, { createdAt: known(ago(91 * DAY)), lastUse: untracked });
    const [finding] = evaluator.evaluateCredential(alice, one);
    expect(finding?.evidence).toMatchObject({ lastUsed: 'untracked', lastUsedAt: null });
  });
});

describe('a credential whose use is tracked', () => {
  it.each<[string, Partial<ObservedCredential>]>([
    ['in order', {}],
    ['unused', { createdAt: known(ago(80 * DAY)), lastUse: used(45 * DAY) }],
    ['not unused yet', { createdAt: known(ago(80 * DAY)), lastUse: used(45 * DAY + justBefore) }],
    ['never used', { createdAt: known(ago(7 * DAY)), lastUse: never }],
    ['too old and unused', { createdAt: known(ago(400 * DAY)), lastUse: used(300 * DAY) }],
    ['of unknown use', { createdAt: known(ago(400 * DAY)), lastUse: unknownUse() }],
    ['inactive', { status: inactive, createdAt: known(ago(400 * DAY)), lastUse: used(300 * DAY) }],
  ])('is judged as an access key is: %s', (_, fields) => {
    const asKey = judge(credential(accessKey.kind, fields)).map((text) => text.replace('access-key', 'token'));
    expect(judge(credential(token, fields))).toEqual(asKey);
  });
});

describe('a credential that cannot be deactivated', () => {
  it('is judged while it is there, and never for being inactive', () => {
    const stale = { createdAt: known(ago(400 * DAY)), lastUse: used(300 * DAY) };
    expect(judge(credential(phrase, stale))).toEqual(['fail phrase-unused', 'fail phrase-too-old']);
    expect(judge(credential(phrase, { ...stale, status: inactive }))).toEqual([]);
  });

  it('has findings without a lifecycle as well', () => {
    expect(judge(credential(badge, { createdAt: known(ago(91 * DAY)), lastUse: untracked }))).toEqual([
      'fail badge-too-old',
    ]);
  });
});

describe('a user with many credentials', () => {
  const eight = Array.from({ length: 8 }, (_, n) =>
    credential(accessKey.kind, {
      ref: { kind: accessKey.kind, id: `AKIA${n}` },
      createdAt: known(ago((85 + n) * DAY)),
    }),
  );
  const signets = eight.map((one, n) => ({ ...one, ref: { kind: signet, id: `SGNT${n}` }, lastUse: untracked }));

  it('has each of them judged, of every kind, rule by rule', () => {
    const findings = evaluator.evaluateUser({ ...alice, credentials: [...signets, ...eight] });
    expect(findings.map(({ rule, credential: one }) => `${rule} ${one?.id ?? ''}`)).toEqual([
      ...['access-key-too-old AKIA6', 'access-key-too-old AKIA7'],
      ...['signet-too-old SGNT6', 'signet-too-old SGNT7'],
      'access-keys-two-active ',
      'user-many-keys ',
    ]);
  });

  it('is reported for its eight active keys', () => {
    const findings = evaluator.evaluateUser({ ...alice, credentials: eight });
    const ids = eight.map(({ ref }) => ref.id).join(', ');
    expect(findings.slice(-2).map(({ reason }) => reason)).toEqual([
      `8 active access keys: ${ids}`,
      `8 access keys: ${ids}`,
    ]);
  });

  it('has an error for each kind that could not be listed, and for no other', () => {
    const findings = evaluator.evaluateUser({ ...alice, credentials: eight, incomplete: { [signet]: 'denied' } });
    expect(findings.filter(({ status }) => status === 'error').map(({ rule, reason }) => `${rule}: ${reason}`)).toEqual(
      [
        'signet-too-old: cannot be judged for all signets: denied',
        'signet-inactive: cannot be judged for all signets: denied',
      ],
    );
  });
});

describe('an evaluation of one credential', () => {
  it.each([token, signet, phrase, badge, accessKey.kind])('finds of a %s what that of its user finds', (kind) => {
    const one = credential(kind, { createdAt: known(ago(400 * DAY)), lastUse: kind === signet ? untracked : never });
    const ofUser = evaluator.evaluateUser({ ...alice, credentials: [one] });
    expect(ofUser.length).toBeGreaterThan(0);
    expect(evaluator.evaluateCredential(alice, one)).toEqual(ofUser);
  });
});
