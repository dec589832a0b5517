import { describe, expect, it } from 'vitest';
import { enforcePolicy, oldKey, openSweepWorld, staleKey, unusedKey } from '../../support/sweep-world.ts';

describe('the nights of an unused key', () => {
  it('is warned, reminded, finally warned, deactivated, warned again and deleted, each on its night', async () => {
    const world = await openSweepWorld();
    const steps: string[] = [];
    for (let night = 0; night < 50; night++) {
      const result = await world.sweep(enforcePolicy());
      expect(result.outcome).toBe('complete');
      for (const { type, notice, credential, outcome } of result.actions) {
        if (credential.id === staleKey) steps.push(`night ${night}: ${notice ?? type} ${outcome}`);
      }
      world.pass(1);
    }
    expect(steps).toEqual([
      'night 0: first-notice applied',
      'night 7: reminder applied',
      'night 13: final-notice applied',
      'night 14: deactivate applied',
      'night 43: final-notice applied',
      'night 44: delete applied',
    ]);
    expect(world.changes()).toEqual([
      // The longest idle first.
      `Inactive ${staleKey}`,
      `Inactive ${unusedKey}`,
      `deleted ${staleKey}`,
      `deleted ${unusedKey}`,
    ]);
    expect((await world.entry(staleKey))?.stage).toBe('deleted');
    expect((await world.entry(oldKey))?.stage).toBe('warned');
  });
});
