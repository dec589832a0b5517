import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeliveryRecord, delivered, isPending, type Outbox, pending, put } from '../../core/outbox.ts';

const deliveredAt = new Date('2026-11-22T03:00:00Z');

describe('what is on record', () => {
  it.each<[string, DeliveryRecord | undefined, boolean]>([
    ['is pending before any delivery', undefined, true],
    ['is pending while no one is known to have got it', {}, true],
    ['is delivered once its audience has got everything', { deliveredAt }, false],
    ['is delivered where others were not', { deliveredAt, undelivered: ['other'] }, false],
    ['is pending where it was not named', { deliveredAt, undelivered: ['other', 'one'] }, true],
    ['is pending where it was not named and no one got the rest', { undelivered: ['other'] }, true],
  ])('%s', (_, delivery, expected) => {
    expect(isPending('one', delivery)).toBe(expected);
  });
});

const audiences = ['people', 'machines'] as const;
type Two = Outbox<Record<(typeof audiences)[number], string>>;

describe('an outbox', () => {
  const outbox: Two = { people: ['a', 'b'], machines: ['a'] };

  it('has what is pending in the order in which it was put on record', () => {
    expect(pending(put(outbox, 'people', ['c', 'd']), 'people')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps audiences apart', () => {
    expect(put(outbox, 'people', ['c']).machines).toEqual(['a']);
    expect(delivered(outbox, 'people', (item) => item === 'a')).toEqual({ people: ['b'], machines: ['a'] });
  });

  it('is the same object where nothing changes', () => {
    expect(put(outbox, 'people', [])).toBe(outbox);
    expect(delivered(outbox, 'people', () => false)).toBe(outbox);
  });
});

/** What may happen: something is put on record, or what is pending is published, with whatever goes wrong then. */
const steps = fc.array(
  fc.oneof(
    fc.record({ audience: fc.constantFrom(...audiences), put: fc.nat({ max: 3 }) }),
    fc.record({
      audience: fc.constantFrom(...audiences),
      /** Whether the message is taken at all. */
      isTaken: fc.boolean(),
      /** Of which it has no room for a name: those whose number this divides. */
      unnamed: fc.integer({ min: 1, max: 4 }),
      /** A run that is killed between a delivery and its record does not know of it. */
      isRecorded: fc.boolean(),
    }),
  ),
  { maxLength: 40 },
);

it('delivers everything to each audience at least once, and again only what no one knows to be delivered', () => {
  fc.assert(
    fc.property(steps, (history) => {
      let outbox: Two = { people: [], machines: [] };
      let count = 0;
      const everything = { people: new Set<string>(), machines: new Set<string>() };
      const got = { people: new Set<string>(), machines: new Set<string>() };
      const known = { people: new Set<string>(), machines: new Set<string>() };
      for (const step of history) {
        const { audience } = step;
        if ('put' in step) {
          const items = Array.from({ length: step.put }, () => `${++count}`);
          for (const item of items) everything[audience].add(item);
          outbox = put(outbox, audience, items);
        } else if (step.isTaken) {
          const published = pending(outbox, audience);
          const undelivered = published.filter((item) => Number(item) % step.unnamed === 0);
          const named = published.filter((item) => !undelivered.includes(item));
          expect(published.filter((item) => known[audience].has(item))).toEqual([]);
          for (const item of named) got[audience].add(item);
          if (step.isRecorded) {
            for (const item of named) known[audience].add(item);
            outbox = delivered(outbox, audience, (item) => !isPending(item, { deliveredAt, undelivered }));
          }
        }
        for (const one of audiences) {
          expect(new Set([...known[one], ...pending(outbox, one)])).toEqual(everything[one]);
        }
        outbox = JSON.parse(JSON.stringify(outbox));
      }
      for (const one of audiences) {
        for (const item of pending(outbox, one)) got[one].add(item);
        expect(got[one]).toEqual(everything[one]);
      }
    }),
  );
});
