import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { decide } from '../../../core/lifecycle/decide.ts';
import { deactivated, enforcing, now, past, seen, stateOf } from '../../support/lifecycle-builder.ts';

it.each([
  ['just now', 0, 'skip'],
  ['a moment less than restoreGrace ago', 14 * DAY - 1, 'skip'],
  ['and given up, restoreGrace ago', 14 * DAY, 'delete'],
])('a key whose restoration was begun %s', (_, age, expected) => {
  const entry = {
    ...deactivated(40 * DAY, { finalNoticeAt: past(DAY) }),
    intent: { action: 'restore', at: past(age), sweep: 'by-hand' } as const,
  };
  const state = stateOf({ entry, liveStatus: seen({ status: 'Inactive' }) });
  expect(decide(state, enforcing(), now).type).toBe(expected);
});
