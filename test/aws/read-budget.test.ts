import { describe, expect, it, vi } from 'vitest';
import { createReadBudget } from '../../aws/read-budget.ts';
import type { LiveRead } from '../../core/ports.ts';
import { manualTiming } from '../support/manual-timing.ts';

const answer: LiveRead<string> = { ok: true, value: 'answer' };
const outOfTime = {
  ok: false,
  problem: { code: 'unavailable', message: expect.stringMatching(/^TimedOut: not read within/) },
};

describe('createReadBudget', () => {
  it('lets reads pass while there is time', async () => {
    const inTime = createReadBudget(1000, manualTiming());
    await expect(inTime(async () => answer)).resolves.toEqual(answer);
  });

  it('starts no read when the time is over', async () => {
    const timing = manualTiming();
    const inTime = createReadBudget(1000, timing);
    await timing.sleep(1000);
    const read = vi.fn(async () => answer);
    await expect(inTime(read)).resolves.toEqual(outOfTime);
    expect(read).not.toHaveBeenCalled();
  });

  it('gives up a read that does not end in time', async () => {
    vi.useFakeTimers();
    try {
      const inTime = createReadBudget(1000, manualTiming());
      const read = inTime(() => new Promise<LiveRead<string>>(() => {}));
      await vi.advanceTimersByTimeAsync(1000);
      await expect(read).resolves.toEqual(outOfTime);
    } finally {
      vi.useRealTimers();
    }
  });

  it('without a limit sets no timer', async () => {
    vi.useFakeTimers();
    try {
      const inTime = createReadBudget(Number.POSITIVE_INFINITY, manualTiming());
      await expect(inTime(async () => answer)).resolves.toEqual(answer);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
