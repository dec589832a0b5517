import { describe, expect, it, vi } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { accessKey } from '../../../core/kinds/access-key.ts';
import type { CredentialThresholds } from '../../../core/kinds/kind.ts';
import { kindOf, type RetirableKind } from '../../../core/kinds/kinds.ts';
import { type LifecycleRule, ruleOf } from '../../../core/kinds/rules.ts';
import { decide } from '../../../core/lifecycle/decide.ts';
import type { LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import { rank } from '../../../core/lifecycle/rank.ts';
import { judgeLiveStatus } from '../../../core/lifecycle/reasons.ts';
import { recordIntent, recordOutcome } from '../../../core/lifecycle/transitions.ts';
import type { LastUse } from '../../../core/model.ts';
import type { Exemption, Mode, Policy } from '../../../core/policy/policy.ts';
import { badge, phrase, signet, token } from '../../support/invented-kinds.ts';
import {
  deactivated,
  enforcing,
  inUse,
  now,
  past,
  type Seen,
  seen,
  usedLongAgo,
} from '../../support/lifecycle-builder.ts';
import { type LifeOptions, playNights, stateWith } from '../../support/lifecycle-life.ts';

vi.mock('../../../core/kinds/registry.ts', async (original) => {
  const { withInvented } = await import('../../support/invented-kinds.ts');
  return withInvented(await original());
});

const everyDay = { timezone: 'UTC', days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], freeze: [] } as const;

function policyFor(
  kind: RetirableKind,
  limits: Partial<CredentialThresholds> = {},
  fields: Partial<Policy> = {},
): Policy {
  const { section, defaults } = kindOf(kind);
  return { ...enforcing({ calendar: everyDay, ...fields }), [section]: { ...defaults, ...limits } };
}

const untracked: LastUse = { kind: 'untracked' };
const old: Seen = seen({ createdAt: past(200 * DAY), lastUse: untracked });
const modes: readonly Mode[] = ['warn', 'enforce'];

function lifeOf(kind: RetirableKind, liveStatus: Seen, options: Partial<LifeOptions> = {}) {
  return playNights({ kind, liveStatus, policy: policyFor(kind), nights: 60, ...options });
}

describe('the life of a credential whose use is not tracked', () => {
  it.each(modes)('is one of requests to rotate, again and again, in mode %s', (mode) => {
    const { steps, entry } = lifeOf(signet, old, { policy: policyFor(signet, {}, { mode }) });
    expect(steps).toEqual([
      '0: first-notice to rotate',
      '14: reminder to rotate',
      '28: reminder to rotate',
      '42: reminder to rotate',
      '56: reminder to rotate',
    ]);
    expect(entry).toMatchObject({ stage: 'warned', warning: { about: 'rotate' } });
  });

  it('is never unknown, and never called unused', () => {
    for (const nights of [1, 2, 20]) {
      const { last } = lifeOf(signet, old, { nights });
      expect(last).not.toMatchObject({ skipReason: 'unknown' });
      expect(last.why).not.toMatch(/never used|unused/);
      expect(last.why).toContain('it counts as in use, because IAM does not track its use');
    }
  });

  it('is deactivated and deleted where the policy says deactivateInUse', () => {
    const { steps, entry } = lifeOf(signet, old, { policy: policyFor(signet, { deactivateInUse: true }) });
    expect(steps).toEqual([
      '0: first-notice to deactivate',
      '7: reminder to deactivate',
      '13: final-notice to deactivate',
      '14: deactivate',
      '43: final-notice to delete',
      '44: delete',
    ]);
    expect(entry).toMatchObject({ stage: 'deleted', deletion: { by: 'keysweep' }, deactivation: { inUse: true } });
  });

  it('starts with a notice of its own when the policy comes to say so', () => {
    const strict = policyFor(signet, { deactivateInUse: true });
    const { steps } = lifeOf(signet, old, { nights: 36, events: { 20: { policy: strict } } });
    expect(steps).toEqual([
      ...['0: first-notice to rotate', '14: reminder to rotate'],
      ...[
        '20: first-notice to deactivate',
        '27: reminder to deactivate',
        '33: final-notice to deactivate',
        '34: deactivate',
      ],
    ]);
  });

  it('stops short of the deletion when the policy ceases to say so', () => {
    const policy = policyFor(signet, { deactivateInUse: true });
    const { steps, entry } = lifeOf(signet, old, {
      policy,
      nights: 200,
      events: { 20: { policy: policyFor(signet) } },
    });
    expect(steps.slice(3)).toEqual(['14: deactivate', '20: deferred to delete']);
    expect(entry?.stage).toBe('deactivated');
  });

  it('ends when a person deactivates it: by its age, and by when it was seen active last', () => {
    const { steps } = lifeOf(signet, old, { events: { 5: { liveStatus: { status: 'Inactive' } } } });
    expect(steps).toEqual([
      '0: first-notice to rotate',
      '5: deactivated by person',
      '34: final-notice to delete',
      '35: delete',
    ]);
  });

  it('begins again when a person reactivates it', () => {
    const { steps } = lifeOf(signet, old, {
      policy: policyFor(signet, { deactivateInUse: true }),
      events: { 20: { liveStatus: { status: 'Active' } } },
    });
    expect(steps.slice(4)).toEqual([
      '20: restored by person',
      ...[
        '34: first-notice to deactivate',
        '41: reminder to deactivate',
        '47: final-notice to deactivate',
        '48: deactivate',
      ],
    ]);
  });

  it.each([
    ['of the right age', seen({ createdAt: past(90 * DAY), lastUse: untracked }), '1: first-notice to rotate'],
    ['inactive before it was ever seen', { ...old, status: 'Inactive' as const }, '0: deactivated by person'],
  ])('%s begins when its rule says so', (_, liveStatus, first) => {
    expect(lifeOf(signet, liveStatus, { nights: 3 }).steps).toEqual([first]);
  });

  it('comes after whatever is idle where a cap lets only some pass: it may be in use', () => {
    const idle = seen({ createdAt: past(20 * DAY), lastUse: { kind: 'never' } });
    const items = [{ state: stateWith(signet, old) }, { state: stateWith(token, idle) }];
    expect(rank(items, 'deactivate', now).map(({ state }) => state.credential.kind)).toEqual([token, signet]);
  });
});

describe('the life of a credential that cannot be deactivated', () => {
  it.each<[string, LastUse]>([
    ['idle', usedLongAgo],
    ['in use', inUse],
    ['never used', { kind: 'never' }],
    ['of unknown use', { kind: 'unknown', why: 'for a test' }],
  ])('is one of requests to remove it, whatever the mode and however it is used: %s', (_, lastUse) => {
    for (const mode of modes) {
      for (const deactivateInUse of [true, false]) {
        const policy = policyFor(phrase, { deactivateInUse }, { mode });
        const { steps, entry } = lifeOf(phrase, seen({ lastUse }), { policy, nights: 40 });
        expect(steps).toEqual(['0: first-notice to remove', '14: reminder to remove', '28: reminder to remove']);
        expect(entry).toMatchObject({ stage: 'warned', warning: { about: 'remove' } });
        expect(entry?.warning?.finalNoticeAt).toBeUndefined();
      }
    }
  });

  it('names no date on which anything would happen', () => {
    const policy = policyFor(phrase);
    const decision = decide(judgeLiveStatus(stateWith(phrase, seen()), seen(), policy, now), policy, now);
    expect(decision).toMatchObject({ type: 'warn', about: 'remove' });
    expect(decision).not.toHaveProperty('dueAt');
  });

  it('does nothing in mode audit', () => {
    expect(lifeOf(phrase, seen(), { policy: policyFor(phrase, {}, { mode: 'audit' }) }).steps).toEqual([]);
  });

  it('ends when its owner has removed it', () => {
    const { steps, entry } = lifeOf(phrase, seen(), { events: { 3: { liveStatus: 'not-found' } } });
    expect(steps).toEqual(['0: first-notice to remove', '3: deleted by person']);
    expect(entry).toMatchObject({ stage: 'deleted', deletion: { by: 'person' } });
  });

  it('is withdrawn when no rule fails for it any longer', () => {
    const lenient = policyFor(phrase, { maxAge: 900 * DAY, maxIdle: 900 * DAY });
    const { steps } = lifeOf(phrase, seen(), { events: { 3: { policy: lenient } } });
    expect(steps).toEqual(['0: first-notice to remove', '3: resolve']);
  });

  it('is skipped where the ledger has it as deactivated, which cannot be', () => {
    const entry = { ...deactivated(40 * DAY), credential: { kind: phrase, id: 'THEONLYONEOFALICE' } };
    const policy = policyFor(phrase);
    const decision = decide(judgeLiveStatus(stateWith(phrase, seen(), entry), seen(), policy, now), policy, now);
    expect(decision).toMatchObject({ type: 'skip', skipReason: 'unknown' });
  });

  it.each(['deactivate', 'delete'] as const)('no record says that keysweep would %s it', (type) => {
    const entry = { ...deactivated(40 * DAY), credential: { kind: phrase, id: 'THEONLYONEOFALICE' } };
    const change = { type, rules: entry.rules, dueAt: now, why: 'for a test' };
    const moment = { now, sweep: 'sweep' };
    const state = stateWith(phrase, seen(), entry);
    expect(() => recordIntent(state, change, moment)).toThrow('keysweep never changes dream phrases');
    expect(() => recordOutcome(state, change, policyFor(phrase), moment)).toThrow(
      'keysweep never changes dream phrases',
    );
  });
});

describe('a ledger entry that is of another kind, or goes by its rules,', () => {
  const inactive = seen({ status: 'Inactive', lastUse: { kind: 'untracked' } });
  const entryOfKind = (kind: RetirableKind, rules: readonly LifecycleRule[]) => ({
    ...deactivated(60 * DAY, { finalNoticeAt: past(DAY) }),
    credential: { kind, id: 'THEONLYONEOFALICE' },
    rules,
  });
  const decisionBy = (entry: LedgerEntry) => {
    const policy = policyFor(signet);
    return decide(judgeLiveStatus(stateWith(signet, inactive, entry), inactive, policy, now), policy, now);
  };

  it('deletes nothing: exemptions and rules that are off would not protect it', () => {
    expect(decisionBy(entryOfKind(signet, [ruleOf(signet, 'too-old')]))).toMatchObject({ type: 'delete' });
    for (const entry of [
      entryOfKind(accessKey.kind, [ruleOf(accessKey.kind, 'too-old')]),
      entryOfKind(accessKey.kind, [ruleOf(signet, 'too-old')]),
      entryOfKind(signet, [ruleOf(accessKey.kind, 'too-old')]),
    ])
      expect(decisionBy(entry)).toMatchObject({ type: 'skip', skipReason: 'unknown' });
  });
});

describe('a credential without a lifecycle', () => {
  it('is warned about by no one', () => {
    expect(lifeOf(badge, old).steps).toEqual([]);
  });
});

describe('the life of a credential whose use is tracked', () => {
  it.each<[string, Seen]>([
    ['idle', seen()],
    ['too old and in use', seen({ lastUse: inUse })],
    ['never used', seen({ lastUse: { kind: 'never' } })],
    ['of unknown use', seen({ lastUse: { kind: 'unknown', why: 'for a test' } })],
    ['inactive', seen({ status: 'Inactive' })],
  ])('is that of an access key: %s', (_, liveStatus) => {
    const ofKey = lifeOf(accessKey.kind, liveStatus).steps;
    expect(lifeOf(token, liveStatus).steps).toEqual(ofKey);
  });
});

describe('an exemption by the id of a credential', () => {
  const exempting = (match: Exemption['match']) => {
    const exemption: Exemption = { match, rules: '*', reason: 'r', owner: 'o', expires: '2027-12-31' };
    return { exemptions: [exemption] };
  };

  it.each([token, signet, phrase, accessKey.kind])('keeps a %s from everything', (kind) => {
    const liveStatus = kind === signet ? old : seen();
    expect(lifeOf(kind, liveStatus).steps).not.toEqual([]);
    const policy = policyFor(kind, { deactivateInUse: true }, exempting({ credentialId: 'THEONLYONE*' }));
    expect(lifeOf(kind, liveStatus, { policy }).steps).toEqual([]);
  });

  it.each([
    ['accessKeyId', token, false],
    ['accessKeyId', accessKey.kind, true],
  ] as const)('by %s holds for access keys alone: %s', (key, kind, isExempt) => {
    const policy = policyFor(kind, {}, exempting({ [key]: 'THEONLYONEOFALICE' }));
    expect(lifeOf(kind, seen(), { policy }).steps.length === 0).toBe(isExempt);
  });

  it('protects what is deactivated already', () => {
    const policy = policyFor(signet, { deactivateInUse: true });
    const protecting = { ...policy, ...exempting({ credentialId: 'THEONLYONEOFALICE' }) };
    const { steps } = lifeOf(signet, old, { policy, nights: 100, events: { 20: { policy: protecting } } });
    expect(steps.slice(3)).toEqual(['14: deactivate', '20: deferred to delete']);
  });
});
