import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import { decide } from '../../../core/lifecycle/decide.ts';
import { addTo, type Decision, isChange } from '../../../core/lifecycle/decision.ts';
import { stageTransitions } from '../../../core/lifecycle/ledger-write.ts';
import {
  recordDecision,
  recordIntent,
  recordNotApplied,
  recordOutcome,
  recordRestoration,
  withoutNotice,
} from '../../../core/lifecycle/transitions.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import {
  deactivated,
  enforcing,
  entryOf,
  inUse,
  now,
  past,
  type StateOptions,
  seen,
  stateOf,
  sweep,
  warned,
} from '../../support/lifecycle-builder.ts';

const moment = { now, sweep };
const final = { lastNoticeAt: past(DAY), finalNoticeAt: past(DAY) };
const inactive = seen({ status: 'Inactive' });

/** The record of whatever is decided. */
function record(options: StateOptions, policy: Policy = enforcing()) {
  const state = stateOf(options, policy);
  const decision = decide(state, policy, now);
  if (decision.type === 'skip' || isChange(decision)) throw new Error(`nothing to record for ${decision.type}`);
  return recordDecision(state, decision, policy, moment);
}

function changeOf(options: StateOptions) {
  const state = stateOf(options);
  const decision: Decision = decide(state, enforcing(), now);
  if (!isChange(decision)) throw new Error(`expected a change, got ${decision.type}`);
  return { state, change: decision };
}

describe('a notice that names a night after the final one', () => {
  const inTime = (ms: number) => addTo(now, ms);
  const promise = { finalNoticeAt: past(DAY), promisedNight: now };
  const naming = (dueAt: Date, about: 'deactivate' | 'rotate' | 'delete') =>
    ({ type: 'warn', notice: 'reminder', rules: ['access-key-unused'], dueAt, about, why: 'why' }) as const;

  it.each([
    ['a later night holds', promise, inTime(DAY), inTime(DAY)],
    ['an earlier one does not', promise, past(DAY), now],
    ['without a final notice none is promised', {}, inTime(DAY), undefined],
  ])('%s', (_, notice, dueAt, promisedNight) => {
    const active = stateOf({ entry: warned(14 * DAY, notice) });
    const off = stateOf({ entry: deactivated(30 * DAY, notice), liveStatus: inactive });
    const [warning, deletion] = [
      recordDecision(active, naming(dueAt, 'deactivate'), enforcing(), moment).entry.warning,
      recordDecision(off, naming(dueAt, 'delete'), enforcing(), moment).entry.deactivation,
    ];
    expect(warning?.promisedNight).toEqual(promisedNight);
    expect(deletion?.promisedNight).toEqual(promisedNight);
  });

  it('the night of a sweep is none', () => {
    const active = stateOf({ entry: warned(14 * DAY, promise) });
    const { entry } = recordDecision(active, naming(inTime(DAY), 'rotate'), enforcing(), moment);
    expect(entry.warning?.promisedNight).toEqual(now);
  });
});

describe('notices', () => {
  it('the first one starts the clock', () => {
    const { entry, event } = record({});
    expect(entry).toMatchObject({
      version: 1,
      stage: 'warned',
      since: now,
      rules: ['access-key-unused', 'access-key-too-old'],
      createdAt: past(200 * DAY),
      warning: { firstNoticeAt: now, lastNoticeAt: now, deactivateAt: addTo(now, 14 * DAY) },
      notice: { kind: 'first-notice', sweep },
    });
    expect(entry.warning?.finalNoticeAt).toBeUndefined();
    expect(event).toMatchObject({
      type: 'warned',
      from: 'compliant',
      to: 'warned',
      version: 1,
      at: now,
      sweep,
      by: 'keysweep',
    });
  });

  it('a reminder moves nothing but the last notice', () => {
    const entry = warned(7 * DAY);
    expect(record({ entry }).entry).toMatchObject({
      version: entry.version + 1,
      since: entry.since,
      warning: { ...entry.warning, lastNoticeAt: now },
    });
  });

  it.each([
    ['enforce', now],
    ['warn', undefined],
  ] as const)('a final notice in mode %s opens the way to a change: %s', (mode, expected) => {
    expect(record({ entry: warned(13 * DAY) }, { ...enforcing(), mode }).entry.warning?.finalNoticeAt).toEqual(
      expected,
    );
  });

  it('a reminder about a key in use does not', () => {
    const { entry } = record(
      { entry: warned(30 * DAY), liveStatus: seen({ lastUse: inUse }) },
      enforcing({}, { warn: [DAY] }),
    );
    expect(entry.warning?.finalNoticeAt).toBeUndefined();
  });

  it('a first notice that is the only one counts as final', () => {
    expect(record({}, enforcing({}, { warn: [DAY] })).entry.warning?.finalNoticeAt).toEqual(now);
  });

  it('the final notice of a deletion keeps the deactivation on record', () => {
    const entry = deactivated(29 * DAY);
    const next = record({ entry, liveStatus: inactive }).entry;
    expect(next).toMatchObject({
      stage: 'deactivated',
      since: entry.since,
      deactivation: { ...entry.deactivation, finalNoticeAt: now },
    });
  });
});

describe('changes', () => {
  it('the intent is on record before, with its notice, and the stage has not changed', () => {
    const { state, change } = changeOf({ entry: warned(14 * DAY, final) });
    const { entry, event } = recordIntent(state, change, moment);
    expect(entry).toMatchObject({
      stage: 'warned',
      intent: { action: 'deactivate', at: now, sweep },
      notice: { kind: 'deactivated', sweep },
      warning: state.entry?.warning,
    });
    expect(event).toMatchObject({ type: 'deactivation-intended', from: 'warned', to: 'warned' });
  });

  it('the outcome of a deactivation starts the clock of the deletion', () => {
    const { state, change } = changeOf({ entry: warned(14 * DAY, final) });
    const { entry } = recordOutcome(state, change, enforcing(), moment);
    expect(entry).toMatchObject({
      stage: 'deactivated',
      since: now,
      deactivation: { at: now, by: 'keysweep', deleteAt: addTo(now, 30 * DAY) },
    });
    expect(entry.intent).toBeUndefined();
    expect(entry.warning).toBeUndefined();
  });

  it('the outcome of a deletion is a tombstone that keeps the proof', () => {
    const { state, change } = changeOf({
      entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }),
      liveStatus: inactive,
    });
    const { entry } = recordOutcome(state, change, enforcing(), moment);
    expect(entry).toMatchObject({
      stage: 'deleted',
      deletion: { at: now, by: 'keysweep' },
      deactivation: state.entry?.deactivation,
    });
  });

  it('not applied: the intent is removed, the stage and its clock stay', () => {
    const state = stateOf({ entry: { ...warned(14 * DAY, final), intent: { action: 'deactivate', at: now, sweep } } });
    const { entry } = recordNotApplied(state, 'used a minute ago', moment);
    expect(entry.intent).toBeUndefined();
    expect(entry).toMatchObject({ stage: 'warned', warning: state.entry?.warning, notice: { kind: 'not-applied' } });
  });
});

describe('people', () => {
  it('a deactivation by someone starts a clock of its own', () => {
    expect(record({ entry: warned(5 * DAY), liveStatus: inactive }).entry).toMatchObject({
      stage: 'deactivated',
      deactivation: { at: now, by: 'person', deleteAt: addTo(now, 30 * DAY) },
      notice: { kind: 'deactivated', sweep },
    });
  });

  it('a use that IAM shows late starts the clock of the deletion again; the deactivation stays as it was', () => {
    const lastUse = { kind: 'used', at: past(10 * DAY + HOUR) } as const;
    const entry = deactivated(10 * DAY, final);
    const condemnedAgain = addTo(lastUse.at, 45 * DAY);
    expect(record({ entry, liveStatus: seen({ status: 'Inactive', lastUse }) }).entry).toMatchObject({
      stage: 'deactivated',
      since: entry.since,
      deactivation: { at: past(10 * DAY), by: 'keysweep', deleteAt: condemnedAgain, lastUseAt: lastUse.at },
      notice: { kind: 'late-use', sweep },
    });
  });

  it('a restoration by hand starts the grace, and the age stays', () => {
    const entry = deactivated(10 * DAY);
    expect(record({ entry, liveStatus: seen() }).entry).toMatchObject({
      stage: 'restored',
      createdAt: entry.createdAt,
      restoration: { at: now, by: 'person' },
    });
  });

  it('a warning and its end leave the restoration on record, a deactivation does not', () => {
    const restoration = { at: past(20 * DAY), by: 'person' } as const;
    const { entry } = record({ entry: entryOf('restored', { restoration, rules: [] }) });
    expect(entry).toMatchObject({ stage: 'warned', restoration });
    const resolved = record({ entry, liveStatus: seen({ createdAt: past(30 * DAY), lastUse: inUse }) });
    expect(resolved.entry).toMatchObject({ stage: 'compliant', restoration });
    expect(record({ entry, liveStatus: inactive }).entry.restoration).toBeUndefined();
  });

  it('keysweep restore records who and why, before and after', () => {
    const person = { who: 'alice@example.com', why: 'the quarterly export needs it' };
    const state = stateOf({ entry: deactivated(10 * DAY), liveStatus: inactive });
    const intended = recordRestoration(state, 'intended', person, moment);
    expect(intended.entry).toMatchObject({
      stage: 'deactivated',
      intent: { action: 'restore' },
      deactivation: state.entry?.deactivation,
    });
    const done = recordRestoration({ ...state, entry: intended.entry }, 'done', person, moment);
    expect(done.entry).toMatchObject({
      stage: 'restored',
      restoration: { at: now, by: 'person', ...person },
      version: intended.entry.version + 1,
    });
    expect(done.event.detail).toBe('alice@example.com: the quarterly export needs it');
  });

  it('a credential that keysweep never saw can be restored', () => {
    const person = { who: 'a', why: 'b' };
    expect(recordRestoration(stateOf({ liveStatus: inactive }), 'done', person, moment).entry.stage).toBe('restored');
  });

  it('a deletion by someone leaves a tombstone', () => {
    expect(record({ entry: warned(DAY), liveStatus: { kind: 'not-found' } }).entry).toMatchObject({
      stage: 'deleted',
      deletion: { at: now, by: 'person' },
    });
  });
});

describe('the table of stages', () => {
  it('leads nowhere from deleted', () => {
    expect(stageTransitions.deleted).toEqual([]);
  });

  it('leads keysweep to deleted only through a recorded deactivation', () => {
    const { change } = changeOf({ entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }), liveStatus: inactive });
    const state = stateOf({ entry: warned(30 * DAY), liveStatus: inactive });
    expect(() => recordOutcome(state, change, enforcing(), moment)).toThrow('without a recorded deactivation');
  });

  it('refuses a way that is not in it', () => {
    const state = { ...stateOf(), entry: entryOf('deleted') };
    expect(() => recordNotApplied({ ...state, entry: { ...entryOf('deleted') } }, 'x', moment)).toThrow(
      'there is no transition from deleted to deleted',
    );
  });
});

it('withoutNotice takes the notice out, and nothing else', () => {
  const { entry } = record({});
  const { notice, ...rest } = entry;
  expect(notice).toBeDefined();
  expect(withoutNotice(entry)).toEqual(rest);
});
