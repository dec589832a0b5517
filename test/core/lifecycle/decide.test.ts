import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import { decide } from '../../../core/lifecycle/decide.ts';
import type { Decision } from '../../../core/lifecycle/decision.ts';
import type { Deactivation, LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import type { CredentialState } from '../../../core/lifecycle/state.ts';
import type { Exemption, Policy } from '../../../core/policy/policy.ts';
import {
  deactivated,
  enforcing,
  entryOf,
  inUse,
  now,
  past,
  type Seen,
  type StateOptions,
  seen,
  stateOf,
  warned,
} from '../../support/lifecycle-builder.ts';

/** `type notice/hold` of a decision, and its date in days from now where it has one. */
function brief(decision: Decision): string {
  const inDays = (date: Date | undefined) =>
    date === undefined ? '' : ` ${((date.getTime() - now.getTime()) / DAY).toFixed(2)}`;
  switch (decision.type) {
    case 'warn':
      return `warn ${decision.notice} ${decision.about}${inDays(decision.dueAt)}`;
    case 'deactivate':
    case 'delete':
      return `${decision.type}${inDays(decision.dueAt)}`;
    case 'resolve':
      return 'resolve';
    case 'observe':
      return `observe ${decision.change} by ${decision.by}`;
    case 'skip':
      return `skip ${decision.skipReason}${inDays(decision.until)}`;
  }
}

function decided(options: StateOptions = {}, policy: Policy = enforcing()): string {
  return brief(decide(stateOf(options, policy), policy, now));
}

const inactive = seen({ status: 'Inactive' });
const finalNotice = (age: number) => ({ lastNoticeAt: past(age), finalNoticeAt: past(age) });
const exemption: Exemption = { match: { user: 'alice' }, rules: '*', reason: 'r', owner: 'o', expires: '2027-01-01' };
const warnMode: Policy = { ...enforcing(), mode: 'warn' };
const tooOldInUse = seen({ lastUse: inUse });

describe('the first notice', () => {
  it.each<[string, StateOptions, Policy, string]>([
    ['a key idle for 120 days', {}, enforcing(), 'warn first-notice deactivate 14.00'],
    [
      'the same, 500 days old on the day of installation',
      { liveStatus: seen({ createdAt: past(500 * DAY) }) },
      enforcing(),
      'warn first-notice deactivate 14.00',
    ],
    ['in mode warn', {}, warnMode, 'warn first-notice deactivate 14.00'],
    ['in mode audit', {}, { ...enforcing(), mode: 'audit' }, 'skip mode'],
    ['too old and in use', { liveStatus: tooOldInUse }, enforcing(), 'warn first-notice rotate 14.00'],
    [
      'too old and in use, where the policy says so',
      { liveStatus: tooOldInUse },
      enforcing({}, { deactivateInUse: true }),
      'warn first-notice deactivate 14.00',
    ],
    [
      'nothing wrong',
      { liveStatus: seen({ createdAt: past(80 * DAY), lastUse: inUse }) },
      enforcing(),
      'skip compliant',
    ],
    ['exempt', {}, enforcing({ exemptions: [exemption] }), 'skip exempt'],
    [
      'an exemption that cannot be evaluated',
      { tags: { known: false, why: 'denied' } },
      enforcing({ exemptions: [{ ...exemption, match: { tag: { a: 'b' } } }] }),
      'skip unknown',
    ],
    [
      'an override that cannot be evaluated',
      { tags: { known: false, why: 'denied' } },
      enforcing({ overrides: [{ match: { tag: { a: 'b' } }, accessKeys: { warn: [DAY] } }] }),
      'skip unknown',
    ],
    [
      'last use unknown',
      { liveStatus: seen({ createdAt: past(80 * DAY), lastUse: { kind: 'unknown', why: 'denied' } }) },
      enforcing(),
      'skip unknown',
    ],
    ['not seen', { liveStatus: { kind: 'unknown', why: 'denied' } }, enforcing(), 'skip unknown'],
    [
      'a rule that is disabled',
      {},
      enforcing({ rules: { 'access-key-unused': { enabled: false }, 'access-key-too-old': { enabled: false } } }),
      'skip compliant',
    ],
  ])('%s', (_, options, policy, expected) => expect(decided(options, policy)).toBe(expected));

  it('never of the root user', () => {
    const state: CredentialState = {
      ...stateOf(),
      principal: { kind: 'root', name: '<root_account>', arn: 'arn:aws:iam::123456789012:root' },
    };
    expect(brief(decide(state, enforcing(), now))).toBe('skip unknown');
  });
});

describe('in the warning period of 14, 7 and 1 days', () => {
  it.each<[string, StateOptions, string]>([
    ['just warned', { entry: warned(0) }, 'skip waiting 14.00'],
    // Its period is over a millisecond after the window has opened: the night after that is promised.
    ['the night before the reminder', { entry: warned(7 * DAY - 1) }, 'skip waiting 8.00'],
    ['the reminder', { entry: warned(7 * DAY) }, 'warn reminder deactivate 7.00'],
    ['reminded', { entry: warned(7 * DAY, { lastNoticeAt: now }) }, 'skip waiting 7.00'],
    // The day is a Sunday: the calendar lets it happen on Monday.
    ['the reminder was missed for some nights', { entry: warned(10 * DAY) }, 'warn reminder deactivate 5.00'],
    [
      // Of which the calendar makes the Monday.
      'the night before the final notice',
      { entry: warned(13 * DAY - 1, { lastNoticeAt: past(DAY) }) },
      'skip waiting 5.00',
    ],
    ['the final notice', { entry: warned(13 * DAY) }, 'warn final-notice deactivate 1.00'],
    ['all nights were missed', { entry: warned(20 * DAY) }, 'warn final-notice deactivate 1.00'],
    ['final notice given', { entry: warned(13 * DAY, finalNotice(0)) }, 'skip waiting 1.00'],
    ['a millisecond before the whole period', { entry: warned(14 * DAY - 1, finalNotice(DAY)) }, 'skip waiting 1.00'],
    ['due', { entry: warned(14 * DAY, finalNotice(DAY)) }, 'deactivate 0.00'],
    [
      'due, wherever in its window the sweep with the final notice started',
      { entry: warned(14 * DAY, finalNotice(DAY - 29 * MINUTE)) },
      'deactivate 0.00',
    ],
    ['due, but the final notice is of tonight', { entry: warned(14 * DAY, finalNotice(0)) }, 'skip waiting 1.00'],
    [
      'due, but the final notice has named a later night',
      { entry: warned(14 * DAY, { ...finalNotice(DAY), promisedNight: past(-4 * DAY) }) },
      'skip waiting 5.00',
    ],
    [
      'deferred since the final notice: there is another one',
      { entry: warned(14 * DAY, { ...finalNotice(5 * DAY), promisedNight: past(4 * DAY) }) },
      'warn final-notice deactivate 1.00',
    ],
    ['overdue', { entry: warned(18 * DAY, finalNotice(5 * DAY)) }, 'deactivate -4.00'],
    [
      'the final notice is as old as it may be',
      { entry: warned(30 * DAY, finalNotice(15 * DAY)) },
      'deactivate -14.00',
    ],
    [
      'the final notice is forgotten by now',
      { entry: warned(30 * DAY, finalNotice(16 * DAY)) },
      'warn final-notice deactivate 1.00',
    ],
    [
      'used again',
      { entry: warned(14 * DAY, finalNotice(DAY)), liveStatus: seen({ createdAt: past(80 * DAY), lastUse: inUse }) },
      'resolve',
    ],
    [
      'used again, but too old',
      { entry: warned(14 * DAY, finalNotice(DAY)), liveStatus: tooOldInUse },
      'warn reminder rotate 14.00',
    ],
    [
      'not seen',
      { entry: warned(14 * DAY, finalNotice(DAY)), liveStatus: { kind: 'unknown', why: '' } },
      'skip unknown',
    ],
    ['someone deactivated it', { entry: warned(5 * DAY), liveStatus: inactive }, 'observe deactivated by person'],
    ['someone deleted it', { entry: warned(5 * DAY), liveStatus: { kind: 'not-found' } }, 'observe deleted by person'],
  ])('%s', (_, options, expected) => expect(decided(options)).toBe(expected));

  it('exempt: back to compliant, so that a later expiry starts again', () => {
    expect(decided({ entry: warned(14 * DAY, finalNotice(DAY)) }, enforcing({ exemptions: [exemption] }))).toBe(
      'resolve',
    );
  });

  it('acts also where the whole period is shorter than the time between two sweeps', () => {
    const policy = enforcing({}, { warn: [6 * HOUR] });
    const notified = { firstNoticeAt: past(DAY), deactivateAt: past(18 * HOUR), ...finalNotice(DAY) };
    expect(decided({ entry: warned(DAY, notified) }, policy)).toBe('deactivate 0.00');
  });

  it('one notice alone is first and final', () => {
    const policy = enforcing({}, { warn: [3 * DAY] });
    const alone = { firstNoticeAt: past(3 * DAY), deactivateAt: now, ...finalNotice(3 * DAY) };
    expect(decided({ entry: warned(3 * DAY, alone) }, policy)).toBe('deactivate 0.00');
  });
});

describe('in use', () => {
  const old = (lastUseAge: number) => seen({ lastUse: { kind: 'used', at: past(lastUseAge) } });

  it.each<[string, number, string]>([
    ['a millisecond within the window', 14 * DAY - 1, 'warn reminder rotate 14.00'],
    ['exactly out of the window', 14 * DAY, 'warn first-notice deactivate 14.00'],
    [
      'a millisecond before it was out of the window at the first notice',
      28 * DAY - 1,
      'warn first-notice deactivate 14.00',
    ],
    ['exactly out of the window at the first notice', 28 * DAY, 'deactivate 0.00'],
  ])('too old, last used %s', (_, age, expected) => {
    expect(decided({ entry: warned(14 * DAY, finalNotice(DAY)), liveStatus: old(age) })).toBe(expected);
  });

  it('gets notices again and again, and stays active', () => {
    const asked = (age: number) => warned(100 * DAY, { about: 'rotate', lastNoticeAt: past(age) });
    expect(decided({ entry: asked(14 * DAY), liveStatus: tooOldInUse })).toBe('warn reminder rotate 14.00');
    expect(decided({ entry: asked(13 * DAY), liveStatus: tooOldInUse })).toBe('skip in-use 1.00');
  });

  it('gets a first notice and the whole period when it falls idle later: its notices said that it stays active', () => {
    const state = { entry: warned(100 * DAY, { lastNoticeAt: past(3 * DAY) }), liveStatus: old(20 * DAY) };
    expect(decided(state)).toBe('warn first-notice deactivate 14.00');
    expect(decide(stateOf(state), enforcing(), now)).toMatchObject({
      why: 'created 200 days ago (limit 90); last used 20 days ago',
    });
  });

  it('gets a first notice and the whole period where a new policy deactivates it in use', () => {
    const policy = enforcing({}, { deactivateInUse: true });
    const entry = warned(100 * DAY, { about: 'rotate', lastNoticeAt: past(3 * DAY) });
    expect(decided({ entry, liveStatus: old(DAY) }, policy)).toBe('warn first-notice deactivate 14.00');
  });

  it('has one period where it is deactivated in use: no notice said that it stays active', () => {
    const policy = enforcing({}, { deactivateInUse: true });
    expect(decided({ entry: warned(14 * DAY, finalNotice(DAY)), liveStatus: old(DAY) }, policy)).toBe(
      'deactivate 0.00',
    );
  });

  it('is deactivated only where the policy says so', () => {
    const entry = warned(14 * DAY, finalNotice(DAY));
    expect(decided({ entry, liveStatus: tooOldInUse }, enforcing({}, { deactivateInUse: true }))).toBe(
      'deactivate 0.00',
    );
  });

  it('deactivateInUse is about age alone: a window longer than maxIdle protects an unused key', () => {
    const policy = enforcing({}, { inUseWindow: 150 * DAY, deactivateInUse: true, maxAge: 300 * DAY });
    expect(decided({ entry: warned(14 * DAY, finalNotice(DAY)) }, policy)).toMatch(/^skip in-use/);
  });

  it('nothing is done where the last use is unknown', () => {
    const liveStatus = seen({ lastUse: { kind: 'unknown', why: 'denied' } });
    expect(decided({ entry: warned(14 * DAY, finalNotice(DAY)), liveStatus })).toBe('skip unknown');
    // Also where no other finding says so: too old is the only reason that the policy knows.
    const rules = { 'access-key-unused': { enabled: false }, 'access-key-never-used': { enabled: false } };
    expect(decided({ entry: warned(14 * DAY, finalNotice(DAY)), liveStatus }, enforcing({ rules }))).toBe(
      'skip unknown',
    );
  });
});

describe('too old, and idle by an exemption from access-key-unused', () => {
  const fields = { ...exemption, rules: ['access-key-unused'] } as const;
  const due = { entry: warned(14 * DAY, finalNotice(DAY)) };
  it.each<[string, StateOptions, Policy, string]>([
    ['stays on, with no notice', {}, enforcing({ exemptions: [fields] }), 'skip exempt'],
    ['stays on, though it was announced', due, enforcing({ exemptions: [fields] }), 'skip exempt'],
    [
      'stays on where no one knows whether the exemption holds',
      { ...due, tags: { known: false, why: 'denied' } },
      enforcing({ exemptions: [{ ...fields, match: { tag: { kind: 'sealed' } } }] }),
      'skip unknown',
    ],
    [
      'is deactivated where the policy deactivates what is too old, in use or not',
      due,
      enforcing({ exemptions: [fields] }, { deactivateInUse: true }),
      'deactivate 0.00',
    ],
    [
      'goes when the exemption has expired',
      due,
      enforcing({ exemptions: [{ ...fields, expires: '2026-11-17' }] }),
      'deactivate 0.00',
    ],
  ])('%s', (_, options, policy, expected) => expect(decided(options, policy)).toBe(expected));
});

describe('mode', () => {
  it.each<[string, StateOptions, string]>([
    ['warn: overdue is shown', { entry: warned(20 * DAY, { lastNoticeAt: past(7 * DAY) }) }, 'skip mode -6.00'],
    ['warn: the final notice', { entry: warned(13 * DAY) }, 'warn final-notice deactivate 1.00'],
    ['warn: the final notice once', { entry: warned(13 * DAY, { lastNoticeAt: past(0) }) }, 'skip waiting 1.00'],
    ['warn: no deletion', { entry: deactivated(40 * DAY), liveStatus: inactive }, 'skip mode -10.00'],
  ])('%s', (_, options, expected) => expect(decided(options, warnMode)).toBe(expected));

  it('from warn to enforce: notices count, but a final one comes before the first change', () => {
    expect(decided({ entry: warned(60 * DAY, { lastNoticeAt: past(47 * DAY) }) })).toBe(
      'warn final-notice deactivate 1.00',
    );
    expect(decided({ entry: warned(61 * DAY, finalNotice(DAY)) })).toBe('deactivate 0.00');
  });
});

describe('calendar', () => {
  const due = { entry: warned(14 * DAY, finalNotice(DAY)) };
  const calendar = (fields: Partial<Policy['calendar']>) =>
    enforcing({ calendar: { ...enforcing().calendar, ...fields } });

  it.each<[string, Policy, string]>([
    ['a day that is listed', calendar({ days: ['Wed'] }), 'deactivate 0.00'],
    ['a day that is not', calendar({ days: ['Tue', 'Thu'] }), 'skip calendar'],
    [
      'the day is another one in the time zone',
      calendar({ days: ['Tue'], timezone: 'Pacific/Honolulu' }),
      'deactivate 0.00',
    ],
    ['the first day of a freeze', calendar({ freeze: [{ from: '2026-11-18', to: '2026-12-01' }] }), 'skip calendar'],
    ['the last day of a freeze', calendar({ freeze: [{ from: '2026-11-01', to: '2026-11-18' }] }), 'skip calendar'],
    ['the day after a freeze', calendar({ freeze: [{ from: '2026-11-01', to: '2026-11-17' }] }), 'deactivate 0.00'],
    ['the day before a freeze', calendar({ freeze: [{ from: '2026-11-19', to: '2026-11-30' }] }), 'deactivate 0.00'],
  ])('%s', (_, policy, expected) => expect(decided(due, policy)).toBe(expected));

  it('does not hold notices back', () => {
    expect(decided({ entry: warned(7 * DAY) }, calendar({ days: ['Sun'] }))).toBe('warn reminder deactivate 11.00');
  });

  const unannounced = { entry: warned(14 * DAY, { lastNoticeAt: past(7 * DAY) }) };
  it.each<[string, Policy, string]>([
    ['the next day', calendar({ days: ['Thu'] }), 'warn final-notice deactivate 1.00'],
    ['the day after that', calendar({ days: ['Fri'] }), 'skip calendar'],
    ['after a freeze', calendar({ freeze: [{ from: '2026-11-01', to: '2027-03-31' }] }), 'skip calendar'],
    [
      'after the last day of a freeze',
      calendar({ freeze: [{ from: '2026-11-01', to: '2026-11-18' }] }),
      'warn final-notice deactivate 1.00',
    ],
  ])('lets the final notice come one day before the change, which may be %s', (_, policy, expected) => {
    expect(decided(unannounced, policy)).toBe(expected);
  });

  it('names a night on which it may happen', () => {
    const frozen = calendar({ days: ['Mon', 'Fri'], freeze: [{ from: '2026-12-01', to: '2026-12-12' }] });
    expect(decided({}, frozen)).toBe('warn first-notice deactivate 26.00');
    expect(decided({ entry: warned(13 * DAY, { lastNoticeAt: past(6 * DAY) }) }, calendar({ days: ['Mon'] }))).toBe(
      'skip waiting 5.00',
    );
    expect(decided({ entry: deactivated(0), liveStatus: inactive }, calendar({ days: ['Wed'] }))).toBe(
      'skip waiting 35.00',
    );
  });
});

describe('deactivated', () => {
  it.each<[string, StateOptions, string]>([
    // The day is a Friday: the calendar lets it happen on Monday.
    ['just now', { entry: deactivated(0), liveStatus: inactive }, 'skip waiting 33.00'],
    [
      'the night before the final notice',
      { entry: deactivated(29 * DAY - 1), liveStatus: inactive },
      'skip waiting 5.00',
    ],
    ['the final notice', { entry: deactivated(29 * DAY), liveStatus: inactive }, 'warn final-notice delete 1.00'],
    [
      'a millisecond before the whole time',
      { entry: deactivated(30 * DAY - 1, { finalNoticeAt: past(DAY) }), liveStatus: inactive },
      'skip waiting 1.00',
    ],
    ['due', { entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }), liveStatus: inactive }, 'delete 0.00'],
    [
      'due, but the final notice is of tonight',
      { entry: deactivated(30 * DAY, { finalNoticeAt: past(0) }), liveStatus: inactive },
      'skip waiting 1.00',
    ],
    [
      'expired counts as inactive',
      { entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }), liveStatus: seen({ status: 'Expired' }) },
      'delete 0.00',
    ],
    [
      'active again',
      { entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }), liveStatus: seen() },
      'observe restored by person',
    ],
    [
      'used after it',
      {
        entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }),
        liveStatus: seen({ status: 'Inactive', lastUse: inUse }),
      },
      'observe deactivated by person',
    ],
    [
      'used ahead of a clock that is slow',
      {
        entry: deactivated(3 * DAY),
        liveStatus: seen({ status: 'Inactive', lastUse: { kind: 'used', at: past(-HOUR) } }),
      },
      'skip unknown',
    ],
    ['not-found', { entry: deactivated(3 * DAY), liveStatus: { kind: 'not-found' } }, 'observe deleted by person'],
    [
      'last use unknown',
      {
        entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }),
        liveStatus: seen({ status: 'Inactive', lastUse: { kind: 'unknown', why: '' } }),
      },
      'skip unknown',
    ],
  ])('%s', (_, options, expected) => expect(decided(options)).toBe(expected));

  it.each<[string, Partial<Exemption>, string]>([
    ['an exemption from all rules', { rules: '*' }, 'warn deferred delete'],
    ['an exemption from the rule that condemned it', { rules: ['access-key-unused'] }, 'warn deferred delete'],
    ['an exemption from being inactive for long', { rules: ['access-key-inactive'] }, 'warn deferred delete'],
    ['an exemption from another rule', { rules: ['access-key-too-old'] }, 'delete 0.00'],
    ['an expired exemption', { expires: '2026-11-17' }, 'delete 0.00'],
    ['an exemption by tags that are not known', { match: { tag: { a: 'b' } } }, 'skip unknown'],
  ])('%s', (_, fields, expected) => {
    const policy = enforcing({ exemptions: [{ ...exemption, ...fields }] });
    const tags = { known: false, why: 'denied' } as const;
    expect(
      decided({ entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }), liveStatus: inactive, tags }, policy),
    ).toBe(expected);
  });

  it.each<[string, Policy['rules'], string]>([
    [
      'every rule that condemned it is off by now',
      { 'access-key-unused': { enabled: false }, 'access-key-never-used': { enabled: false } },
      'warn deferred delete',
    ],
    ['another rule is off', { 'access-key-inactive': { enabled: false } }, 'delete 0.00'],
    ['the other rule for its reason is off', { 'access-key-never-used': { enabled: false } }, 'delete 0.00'],
    ['only the other rule for its reason is on', { 'access-key-unused': { enabled: false } }, 'warn deferred delete'],
  ])('%s', (_, rules, expected) => {
    const entry = deactivated(30 * DAY, { finalNoticeAt: past(DAY) });
    expect(decided({ entry, liveStatus: inactive }, enforcing({ rules }))).toBe(expected);
  });

  it('a longer deleteAfter holds, a shorter one does not break the promised date', () => {
    const entry = deactivated(40 * DAY, { finalNoticeAt: past(DAY) });
    expect(decided({ entry, liveStatus: inactive }, enforcing({}, { deleteAfter: 60 * DAY }))).toBe(
      'warn deferred delete 20.00',
    );
    const deferredTo = deactivated(40 * DAY, { deferral: { at: past(DAY), to: past(-20 * DAY) } });
    expect(decided({ entry: deferredTo, liveStatus: inactive }, enforcing({}, { deleteAfter: 60 * DAY }))).toBe(
      'skip waiting 20.00',
    );
    const young = deactivated(10 * DAY, { finalNoticeAt: past(DAY) });
    expect(decided({ entry: young, liveStatus: inactive }, enforcing({}, { deleteAfter: 5 * DAY }))).toBe(
      'skip waiting 20.00',
    );
  });

  it('by someone else, before keysweep knew the key: its own clock starts when the audit finds it inactive for long', () => {
    const longInactive = seen({
      status: 'Inactive',
      createdAt: past(300 * DAY),
      lastUse: { kind: 'used', at: past(90 * DAY) },
    });
    expect(decided({ liveStatus: longInactive })).toBe('observe deactivated by person');
    expect(decided({ liveStatus: { ...longInactive, lastUse: { kind: 'used', at: past(90 * DAY - 1) } } })).toBe(
      'skip compliant',
    );
  });
});

describe('the words for an inactive key', () => {
  it.each<[string, LedgerEntry, string]>([
    ['keysweep deactivated it', deactivated(3 * DAY), 'will be deleted: deactivated 3 days ago'],
    ['keysweep deactivated it, seconds ago', deactivated(MINUTE - 1), 'will be deleted: deactivated just now'],
    ['the first minute is over', deactivated(MINUTE), 'will be deleted: deactivated 1 minute ago'],
    ['someone else did', deactivated(3 * DAY, { by: 'person' }), 'will be deleted: first seen inactive 3 days ago'],
    ['it was just found', deactivated(0, { by: 'person' }), 'will be deleted: first seen inactive just now'],
  ])('say what is known of its deactivation: %s', (_, entry, why) => {
    expect(decide(stateOf({ entry, liveStatus: inactive }), enforcing(), now)).toMatchObject({ why });
  });
});

describe('a use that IAM shows late', () => {
  const rules = ['access-key-unused', 'access-key-too-old'] as const;
  const off = (fields: Partial<Deactivation> = {}) => ({ entry: { ...deactivated(10 * DAY, fields), rules } });
  const used = (before: number) => ({
    liveStatus: seen({ status: 'Inactive', lastUse: { kind: 'used', at: past(10 * DAY + before) } }),
  });
  const lateUse = 'observe late-use by keysweep';

  it.each<[string, StateOptions, Policy, string]>([
    ['at the moment of the deactivation', { ...off(), ...used(0) }, enforcing(), lateUse],
    ['the last moment of the in-use window', { ...off(), ...used(14 * DAY - 1) }, enforcing(), lateUse],
    ['just out of the in-use window', { ...off(), ...used(14 * DAY) }, enforcing(), 'skip waiting 20.00'],
    ['later than what was known', { ...off({ lastUseAt: past(13 * DAY) }), ...used(DAY) }, enforcing(), lateUse],
    [
      'known when it was deactivated',
      { ...off({ lastUseAt: past(11 * DAY) }), ...used(DAY) },
      enforcing(),
      'skip waiting 20.00',
    ],
    ['of a key that someone deactivated', { ...off({ by: 'person' }), ...used(0) }, enforcing(), 'skip waiting 20.00'],
    [
      'too old, and goes even when in use',
      { entry: { ...off().entry, rules: ['access-key-too-old'] }, ...used(0) },
      enforcing({}, { deactivateInUse: true }),
      'skip waiting 20.00',
    ],
    [
      'unused, where what is too old goes even when in use',
      { entry: deactivated(10 * DAY), ...used(0) },
      enforcing({}, { deactivateInUse: true }),
      lateUse,
    ],
    ['exempt by now', { ...off(), ...used(0) }, enforcing({ exemptions: [exemption] }), 'warn deferred delete'],
  ])('%s', (_, options, policy, expected) => expect(decided(options, policy)).toBe(expected));
});

describe('restored', () => {
  const restored = (age: number) => entryOf('restored', { restoration: { at: past(age), by: 'person' }, rules: [] });

  it.each<[string, StateOptions, string]>([
    ['within the grace', { entry: restored(14 * DAY - 1) }, 'skip restore-grace 0.00'],
    [
      'the grace is over: warned again, from the start',
      { entry: restored(14 * DAY) },
      'warn first-notice deactivate 14.00',
    ],
    [
      'in use',
      { entry: restored(HOUR), liveStatus: seen({ createdAt: past(80 * DAY), lastUse: inUse }) },
      'skip compliant',
    ],
    [
      'warned since, by a policy with a shorter grace: the one of today holds',
      { entry: { ...warned(14 * DAY, finalNotice(DAY)), restoration: { at: past(14 * DAY - 1), by: 'person' } } },
      'skip restore-grace 0.00',
    ],
    [
      'warned since, and the grace is over',
      { entry: { ...warned(14 * DAY, finalNotice(DAY)), restoration: { at: past(14 * DAY), by: 'person' } } },
      'deactivate 0.00',
    ],
    ['deactivated again by someone', { entry: restored(HOUR), liveStatus: inactive }, 'observe deactivated by person'],
  ])('%s', (_, options, expected) => expect(decided(options)).toBe(expected));
});

describe('after a crash', () => {
  const intent = (action: 'deactivate' | 'delete') => ({ action, at: past(DAY), sweep: 'earlier' }) as const;
  const intendedOff = { ...warned(14 * DAY, finalNotice(DAY)), intent: intent('deactivate') };
  const intendedDeleted = { ...deactivated(30 * DAY, { finalNoticeAt: past(DAY) }), intent: intent('delete') };

  it.each<[string, StateOptions, string]>([
    ['the deactivation had happened', { entry: intendedOff, liveStatus: inactive }, 'observe deactivated by keysweep'],
    ['the deactivation had not', { entry: intendedOff }, 'deactivate 0.00'],
    [
      'the deactivation had not, and the key is in use now',
      { entry: intendedOff, liveStatus: seen({ createdAt: past(80 * DAY), lastUse: inUse }) },
      'resolve',
    ],
    [
      'the deletion had happened',
      { entry: intendedDeleted, liveStatus: { kind: 'not-found' } },
      'observe deleted by keysweep',
    ],
    ['the deletion had not', { entry: intendedDeleted, liveStatus: inactive }, 'delete 0.00'],
    [
      'the deletion had not, and someone restored the key',
      { entry: intendedDeleted, liveStatus: seen() },
      'observe restored by person',
    ],
  ])('%s', (_, options, expected) => expect(decided(options)).toBe(expected));
});

describe('deleted', () => {
  it('stays deleted, and a key that comes back is not believed', () => {
    const entry = entryOf('deleted', { deletion: { at: past(DAY), by: 'person' } });
    expect(decided({ entry, liveStatus: { kind: 'not-found' } })).toBe('skip deleted');
    expect(decided({ entry, liveStatus: seen() })).toBe('skip unknown');
  });
});

describe('dates that lie ahead', () => {
  const useAhead = (by: number, fields: Partial<Seen> = {}) =>
    seen({ createdAt: past(80 * DAY), lastUse: { kind: 'used', at: past(-by) }, ...fields });
  const tolerated = 15 * MINUTE;

  it.each<[string, StateOptions, string]>([
    ['a use as far ahead as clocks differ', { liveStatus: useAhead(tolerated) }, 'skip compliant'],
    ['a use after that is not known', { liveStatus: useAhead(tolerated + 1) }, 'skip unknown'],
    [
      'nor is it where the key is warned about',
      { entry: warned(14 * DAY, finalNotice(DAY)), liveStatus: useAhead(tolerated + 1) },
      'skip unknown',
    ],
    [
      'nor where it is deactivated',
      {
        entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }),
        liveStatus: useAhead(tolerated + 1, { status: 'Inactive' }),
      },
      'skip unknown',
    ],
    [
      'that it is active again is noted all the same',
      { entry: deactivated(3 * DAY), liveStatus: useAhead(tolerated + 1) },
      'observe restored by person',
    ],
    [
      'a creation as far ahead as clocks differ',
      { liveStatus: seen({ createdAt: past(-tolerated), lastUse: { kind: 'never' } }) },
      'skip compliant',
    ],
    [
      'a creation after that is not known',
      { liveStatus: seen({ createdAt: past(-tolerated - 1), lastUse: { kind: 'never' } }) },
      'skip unknown',
    ],
    [
      'nor is it of an inactive key',
      { liveStatus: seen({ status: 'Inactive', createdAt: past(-tolerated - 1), lastUse: { kind: 'never' } }) },
      'skip unknown',
    ],
  ])('%s', (_, options, expected) => expect(decided(options)).toBe(expected));
});
