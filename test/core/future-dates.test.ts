import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../core/duration.ts';
import { dateAsOf, isInFuture, lastUseAsOf, principalAsOf } from '../../core/future-dates.ts';
import { accessKey, ago, asOf, known, never, unknown, unknownUse, used, user } from '../support/observation-builder.ts';

const tolerated = -15 * MINUTE;
const ahead = tolerated - 1;
const why = (what: string) => `${what} (2026-11-22T02:45:00.001Z) is in the future: a clock is wrong, or that date is`;

describe('what is in the future', () => {
  it.each([
    [0, false],
    [tolerated, false],
    [ahead, true],
  ])('a moment %i ms ago: %s', (age, expected) => expect(isInFuture(ago(age), asOf)).toBe(expected));

  it.each([used(0), used(tolerated), never, unknownUse()])('a last use stands: %j', (lastUse) =>
    expect(lastUseAsOf(lastUse, asOf)).toBe(lastUse),
  );

  it('a last use beyond the tolerance is not known', () =>
    expect(lastUseAsOf(used(ahead), asOf)).toEqual({ kind: 'unknown', why: why('its last use') }));

  it.each([known(ago(0)), known(ago(tolerated)), unknown()])('a date stands: %j', (date) =>
    expect(dateAsOf(date, 'its creation', asOf)).toBe(date),
  );

  it('a date beyond the tolerance is not known', () =>
    expect(dateAsOf(known(ago(ahead)), 'its creation', asOf)).toEqual(unknown(why('its creation'))));
});

describe('a principal', () => {
  it('in which nothing is in the future is the same', () => {
    const one = user({ credentials: [accessKey({ lastUse: used(tolerated) })] });
    expect(principalAsOf(one, asOf)).toBe(one);
  });

  it('loses what is in the future, and keeps the rest', () => {
    const sound = accessKey({ ref: { kind: 'access-key', slot: 2 } });
    const one = user({
      createdAt: known(ago(ahead)),
      password: { enabled: known(true), lastUse: used(ahead) },
      credentials: [accessKey({ createdAt: known(ago(ahead)), lastUse: used(ahead) }), sound],
    });
    expect(principalAsOf(one, asOf)).toEqual({
      ...one,
      createdAt: unknown(why('the creation of the user')),
      password: { enabled: known(true), lastUse: unknownUse(why('its last use')) },
      credentials: [
        accessKey({ createdAt: unknown(why('its creation')), lastUse: unknownUse(why('its last use')) }),
        sound,
      ],
    });
  });
});
