import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { liveStatusOf } from '../../../core/lifecycle/join.ts';
import { accessKey, used } from '../../support/observation-builder.ts';

it('a last use that could not be confirmed is not known: the key may have been used since', () => {
  const key = accessKey({ lastUse: used(10 * DAY) });
  expect(liveStatusOf(key)).toMatchObject({ kind: 'seen', lastUse: { kind: 'used' } });
  expect(liveStatusOf({ ...key, lastUseUnverified: 'denied' })).toMatchObject({
    kind: 'seen',
    lastUse: { kind: 'unknown', why: 'denied' },
  });
});
