import { validationError } from '../errors.ts';

/** The parameters of one request of the Query protocol: `Tags.member.1.Key=owner`. */
export class QueryParams {
  readonly #values: URLSearchParams;

  constructor(form: string) {
    this.#values = new URLSearchParams(form);
  }

  get(name: string): string | undefined {
    return this.#values.get(name) ?? undefined;
  }

  /** @throws AwsError ValidationError */
  required(name: string): string {
    const value = this.get(name);
    if (value === undefined || value === '') {
      const member = name.charAt(0).toLowerCase() + name.slice(1);
      throw validationError(
        `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
      );
    }
    return value;
  }

  /** A list of texts: `Filter.member.1=User`. */
  list(name: string): string[] {
    const values: string[] = [];
    for (let index = 1; ; index++) {
      const value = this.get(`${name}.member.${index}`);
      if (value === undefined) {
        return values;
      }
      values.push(value);
    }
  }

  /** A list or map of structures, each as a reader of its fields: `Tags.member` or `MessageAttributes.entry`. */
  structures(prefix: string, probe: string): ((field: string) => string | undefined)[] {
    const found: ((field: string) => string | undefined)[] = [];
    for (let index = 1; this.get(`${prefix}.${index}.${probe}`) !== undefined; index++) {
      found.push((field) => this.get(`${prefix}.${index}.${field}`));
    }
    return found;
  }

  /** For the log of requests. */
  summary(): Record<string, string> {
    const summary: Record<string, string> = {};
    for (const [name, value] of this.#values) {
      if (name !== 'Action' && name !== 'Version') {
        summary[name] = value.length > 200 ? `${value.slice(0, 200)}...` : value;
      }
    }
    return summary;
  }
}
