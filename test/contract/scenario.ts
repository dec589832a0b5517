import { describe, expect, it } from 'vitest';
import type { Counterpart, CounterpartName } from './counterpart.ts';
import { openWorld, type World } from './world.ts';

/** How a counterpart is unlike AWS. */
export interface Divergence {
  /** What it does instead, as the end of `moto ...`: one line for docs/contract.md. */
  readonly does: string;
  /** Proves it. */
  readonly proof: (world: World) => Promise<void>;
}

/** Something that AWS does and keysweep relies on. */
export interface Scenario {
  /** The behaviour, as one sentence without full stop. */
  readonly name: string;
  readonly run: (world: World) => Promise<void>;
  readonly except?: Partial<Readonly<Record<CounterpartName, Divergence>>>;
}

export interface ScenarioGroup {
  readonly title: string;
  readonly scenarios: readonly Scenario[];
}

/**
 * Runs scenarios against a counterpart. Where it is said to diverge, the scenario must really fail and the divergence
 * be as it is written: a divergence that no longer exists fails the test.
 */
export function describeContract(groups: readonly ScenarioGroup[], open: () => Counterpart, name: CounterpartName) {
  describe.each(groups)('$title', ({ scenarios }) => {
    for (const { name: behaviour, run, except } of scenarios) {
      const divergence = except?.[name];
      if (divergence === undefined) {
        it(behaviour, async () => run(await openWorld(open())));
      } else {
        it(`${behaviour}; but ${name} ${divergence.does}`, async () => {
          const failure = await run(await openWorld(open())).catch((error: unknown) => error);
          expect(failure, `${name} behaves like AWS here by now: take the exception out`).toBeInstanceOf(Error);
          await divergence.proof(await openWorld(open()));
        });
      }
    }
  });
}
