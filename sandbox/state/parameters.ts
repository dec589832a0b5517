/** The parameters of Systems Manager, by region: a parameter of one region is unknown in the others. */
export class Parameters {
  readonly #regions = new Map<string, Map<string, string>>();

  /** Creates or replaces one. */
  put(region: string, name: string, value: string): void {
    const known = this.#regions.get(region) ?? new Map<string, string>();
    this.#regions.set(region, known.set(name, value));
  }

  has(region: string, name: string): boolean {
    return this.#regions.get(region)?.has(name) === true;
  }

  /** Names and values of a region, sorted by name. */
  all(region: string): readonly (readonly [name: string, value: string])[] {
    return [...(this.#regions.get(region) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
