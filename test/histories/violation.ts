/** An invariant does not hold. */
export class Violation extends Error {}

/** @throws Violation with the facts, where it does not hold */
export function expectThat(holds: boolean, what: string, facts: unknown): void {
  if (!holds) throw new Violation(`${what}: ${JSON.stringify(facts)}`);
}
