import { describe, expect, it } from 'vitest';
import { closedBecause } from '../../../core/lifecycle/calendar.ts';
import type { Calendar } from '../../../core/policy/policy.ts';

/** Wednesday. */
const now = new Date('2026-11-18T04:30:00Z');
const everyDay = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

describe('the calendar', () => {
  it.each<[string, Partial<Calendar>, string | undefined]>([
    ['allows every day', {}, undefined],
    ['allows a day that is listed', { days: ['Wed'] }, undefined],
    ['holds on another day', { days: ['Mon', 'Thu'] }, 'no changes on Wed'],
    ['asks which day it is in its time zone', { days: ['Tue'], timezone: 'Pacific/Honolulu' }, undefined],
    [
      'holds on the first day of a freeze',
      { freeze: [{ from: '2026-11-18', to: '2026-11-20' }] },
      'freeze 2026-11-18/2026-11-20',
    ],
    [
      'holds on the last day of a freeze',
      { freeze: [{ from: '2026-11-10', to: '2026-11-18' }] },
      'freeze 2026-11-10/2026-11-18',
    ],
    ['allows the day after a freeze', { freeze: [{ from: '2026-11-10', to: '2026-11-17' }] }, undefined],
    [
      'says when a freeze begins in its time zone',
      { timezone: 'Pacific/Kiritimati', freeze: [{ from: '2026-11-19', to: '2026-11-20' }] },
      undefined,
    ],
  ])('%s', (_, fields, expected) => {
    expect(closedBecause({ timezone: 'UTC', days: everyDay, freeze: [], ...fields }, now)).toBe(expected);
  });
});
