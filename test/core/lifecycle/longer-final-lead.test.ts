import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { decide } from '../../../core/lifecycle/decide.ts';
import { deactivated, enforcing, now, past, seen, stateOf, warned } from '../../support/lifecycle-builder.ts';

/** The final notice was given last night, and named tonight. */
const final = { finalNoticeAt: past(DAY), lastNoticeAt: past(DAY), promisedNight: now };

const lastNight = enforcing({}, { warn: [14 * DAY, 7 * DAY, DAY] });
const longer = enforcing({}, { warn: [14 * DAY, 3 * DAY] });

describe('a policy that gives longer notice since the final one wins', () => {
  it('before a deletion', () => {
    const entry = deactivated(31 * DAY, final);
    const liveStatus = seen({ status: 'Inactive' });
    expect(decide(stateOf({ entry, liveStatus }, lastNight), lastNight, now)).toMatchObject({ type: 'delete' });
    expect(decide(stateOf({ entry, liveStatus }, longer), longer, now)).toMatchObject({
      type: 'skip',
      skipReason: 'waiting',
    });
  });

  it('before a deactivation', () => {
    const entry = warned(15 * DAY, final);
    expect(decide(stateOf({ entry }, lastNight), lastNight, now)).toMatchObject({ type: 'deactivate' });
    expect(decide(stateOf({ entry }, longer), longer, now)).toMatchObject({ type: 'skip', skipReason: 'waiting' });
  });
});
