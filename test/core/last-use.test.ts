import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import { laterUse, plausibleUse } from '../../core/last-use.ts';
import type { LastUse } from '../../core/model.ts';

const createdAt = new Date('2026-10-28T00:00:00Z');
const used = (offset: number): LastUse => ({ kind: 'used', at: new Date(createdAt.getTime() + offset) });
const never: LastUse = { kind: 'never' };
const unknown: LastUse = { kind: 'unknown', why: 'AccessDenied' };

describe('the later of two last uses', () => {
  it.each<[string, LastUse, LastUse, LastUse]>([
    ['the read one is later', used(DAY), used(2 * DAY), used(2 * DAY)],
    ['the known one is later', used(2 * DAY), used(DAY), used(2 * DAY)],
    ['a lagging read says never', used(DAY), never, used(DAY)],
    ['nothing was known', unknown, never, never],
    ['never was known', never, used(DAY), used(DAY)],
    ['the read fails', used(DAY), unknown, unknown],
    ['it is not tracked', { kind: 'untracked' }, { kind: 'untracked' }, { kind: 'untracked' }],
    ['a use is read of what was said not to be tracked', { kind: 'untracked' }, used(DAY), used(DAY)],
  ])('%s', (_, known, read, expected) => expect(laterUse(known, read)).toEqual(expected));
});

describe('a use and the creation', () => {
  it.each<[string, LastUse]>([
    ['later', used(DAY)],
    ['to the minute, and so a little before', used(-59_000)],
    ['the last moment that is taken for such', used(-HOUR)],
    ['never', never],
    ['unknown', unknown],
  ])('%s: stands', (_, lastUse) => expect(plausibleUse(lastUse, createdAt)).toBe(lastUse));

  it('long before: no one knows', () => {
    expect(plausibleUse(used(-HOUR - 1), createdAt)).toEqual({
      kind: 'unknown',
      why: 'its last use (2026-10-27) is before its creation (2026-10-28), which is impossible',
    });
  });
});
