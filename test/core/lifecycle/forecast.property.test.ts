import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast } from '../../../core/lifecycle/forecast.ts';
import { plainForecast } from '../../support/plain-forecast.ts';
import { randomForecast } from '../../support/random-forecast.ts';

describe('a forecast that keeps what stands', () => {
  it('equals, to the letter, the one that judges every key again every night', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(randomForecast, ({ snapshot, remembered, policy, options }) => {
        const plain = plainForecast(snapshot, remembered, policy, options);
        expect(JSON.stringify(forecast(snapshot, remembered, policy, options))).toBe(JSON.stringify(plain));
        for (const { type, notice, change } of plain.events) kinds.add(notice ?? change ?? type);
        if (plain.contested.length > 0) kinds.add('contested');
        if (plain.unknown.length > 0) kinds.add('unknown');
      }),
      { numRuns: 400, seed: 4 },
    );
    expect([...kinds].toSorted()).toEqual([
      'contested',
      'deactivate',
      'deactivated',
      'deferred',
      'delete',
      'deleted',
      'final-notice',
      'first-notice',
      'late-use',
      'reminder',
      'resolve',
      'restored',
      'still-waiting',
      'unknown',
    ]);
  });
});
