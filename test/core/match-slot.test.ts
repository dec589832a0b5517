import { describe, expect, it } from 'vitest';
import { matchSlot } from '../../core/match-slot.ts';

const at = (time: string) => new Date(`2026-11-02T${time}Z`);
const slot = (time: string) => ({ createdAt: { known: true, value: at(time) } as const });
const dateless = { createdAt: { known: false, why: 'the credential report says N/A' } as const };

describe('the slot of a credential', () => {
  const slots = [slot('10:00:00'), slot('10:00:01')];

  it.each([
    ['its first millisecond', '10:00:01.000'],
    ['its last millisecond', '10:00:01.999'],
  ])('is the one of the same second, at %s', (_, time) => {
    expect(matchSlot(at(time), slots, [at(time)])).toEqual({ kind: 'one', slot: slots[1] });
  });

  it.each([
    ['a millisecond before', '09:59:59.999'],
    ['a millisecond after', '10:00:02.000'],
  ])('is none of another second, %s', (_, time) => {
    expect(matchSlot(at(time), slots, [at(time)])).toEqual({ kind: 'none' });
  });

  it.each([
    ['two slots of that second', [slot('10:00:00'), slot('10:00:00.500')], [at('10:00:00')]],
    ['two credentials of that second', [slot('10:00:00')], [at('10:00:00'), at('10:00:00.900')]],
    ['a slot without a date, and no other', [dateless], [at('10:00:00')]],
    ['a slot without a date beside one of another second', [dateless, slot('10:00:01')], [at('10:00:00')]],
  ])('is unclear for %s', (_, shown, all) => {
    expect(matchSlot(at('10:00:00'), shown, all)).toEqual({ kind: 'unclear' });
  });

  it('is sure of one among eight', () => {
    const times = [1, 2, 3, 4, 5, 6, 7, 8].map((second) => `10:00:0${second}`);
    const shown = times.map(slot);
    const matches = times.map((time) => matchSlot(at(time), shown, times.map(at)));
    expect(matches).toEqual(shown.map((one) => ({ kind: 'one', slot: one })));
  });
});
