import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import { lifecycleRules } from '../../../core/kinds/rules.ts';
import { addTo } from '../../../core/lifecycle/decision.ts';
import { rulesWith } from '../../../core/lifecycle/reasons.ts';
import { violatesFrom } from '../../../core/lifecycle/violations.ts';
import { enforcing, past, seen, stateOf } from '../../support/lifecycle-builder.ts';

const facts = fc.record({
  age: fc.integer({ min: 0, max: 300 * 24 }),
  idle: fc.option(fc.integer({ min: 0, max: 300 * 24 }), { nil: undefined }),
  limits: fc.record({
    maxAge: fc.integer({ min: 0, max: 200 }).map((days) => days * DAY),
    maxIdle: fc.integer({ min: 0, max: 200 }).map((days) => days * DAY),
    neverUsedGrace: fc.integer({ min: 0, max: 200 }).map((days) => days * DAY),
    maxInactive: fc.integer({ min: 0, max: 200 }).map((days) => days * DAY),
  }),
});

it('each rule condemns from that moment on, and not a millisecond before', () => {
  fc.assert(
    fc.property(facts, ({ age, idle, limits }) => {
      const policy = enforcing({}, limits);
      const createdAt = past(age * HOUR);
      const lastUse = { kind: 'used', at: past(Math.min(age, idle ?? 0) * HOUR) } as const;
      const liveStatus = seen({ createdAt, lastUse: idle === undefined ? { kind: 'never' } : lastUse });
      for (const rule of lifecycleRules) {
        const status = rule === 'access-key-inactive' ? 'Inactive' : 'Active';
        const judge = (at: Date) =>
          rulesWith(stateOf({ liveStatus: { ...liveStatus, status }, at }, policy).findings, 'fail').includes(rule);
        const from = violatesFrom(rule, liveStatus, policy.accessKeys);
        if (from === undefined) expect(judge(past(-900 * DAY))).toBe(false);
        else expect([judge(addTo(from, -1)), judge(from)]).toEqual([false, true]);
      }
    }),
  );
});
