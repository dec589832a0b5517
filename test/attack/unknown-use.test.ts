/** A key whose last use cannot be read is neither in use nor unused: every text says that it is unknown. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { decide } from '../../core/lifecycle/decide.ts';
import { recordDecision } from '../../core/lifecycle/transitions.ts';
import { stepInWords } from '../../reports/lifecycle-words.ts';
import { digestItem, digestOf } from '../support/digest-fixture.ts';
import { enforcing, now, past, seen, stateOf, sweep } from '../support/lifecycle-builder.ts';

const unreadable = seen({ lastUse: { kind: 'unknown', why: 'AccessDenied' } });

describe.each([
  ['by default', enforcing()],
  ['where what is too old goes even when in use', enforcing({}, { deactivateInUse: true })],
  ['with one notice only', enforcing({}, { warn: [14 * DAY] })],
])('too old, last use unknown, %s', (_, policy) => {
  const state = stateOf({ liveStatus: unreadable }, policy);

  it('its first notice says so, and promises nothing', () => {
    const decision = decide(state, policy, now);
    expect(decision).toEqual({
      type: 'warn',
      notice: 'first-notice',
      rules: ['access-key-too-old'],
      about: 'unknown',
      why: 'created 200 days ago (limit 90); its last use cannot be determined: AccessDenied',
    });
  });

  it('that notice starts no clock', () => {
    const decision = decide(state, policy, now);
    if (decision.type !== 'warn') throw new Error('no notice');
    const { entry } = recordDecision(state, decision, policy, { now, sweep });
    expect(entry.warning).toMatchObject({ about: 'unknown' });
    expect(entry.warning?.finalNoticeAt).toBeUndefined();
    const later = new Date(now.getTime() + 60 * DAY);
    const still = stateOf({ liveStatus: unreadable, entry, at: later }, policy);
    expect(decide(still, policy, later)).toMatchObject({ type: 'skip', skipReason: 'unknown' });
    const known = stateOf(
      { liveStatus: seen({ lastUse: { kind: 'used', at: past(120 * DAY) } }), entry, at: later },
      policy,
    );
    expect(decide(known, policy, later)).toMatchObject({ type: 'warn', notice: 'first-notice', about: 'deactivate' });
  });
});

it('no text takes it for a key in use', () => {
  const item = digestItem('first-notice', { about: 'unknown' });
  const { body, data } = digestOf([item]);
  expect(body).toContain('TOO OLD, LAST USE UNKNOWN');
  expect(body.replace(/\s+/g, ' ')).toContain('It changes nothing until that is known');
  expect(body).not.toMatch(/are in use and stay|will be deactivated/i);
  expect(data.items).toMatchObject([{ group: 'use-unknown', about: 'unknown' }]);
  expect(stepInWords({ type: 'warn', notice: 'first-notice', about: 'unknown' })).toBe(
    'first notice, last use unknown',
  );
});

it('a warned key whose last use cannot be read any more is skipped', () => {
  const policy = enforcing();
  const first = stateOf({}, policy);
  const decision = decide(first, policy, now);
  if (decision.type !== 'warn') throw new Error('no notice');
  const { entry } = recordDecision(first, decision, policy, { now, sweep });
  const later = new Date(now.getTime() + 60 * DAY);
  expect(decide(stateOf({ liveStatus: unreadable, entry, at: later }, policy), policy, later)).toMatchObject({
    type: 'skip',
    skipReason: 'unknown',
  });
});
