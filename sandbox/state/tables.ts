import { AwsError } from '../errors.ts';
import { type AttributeValue, compareTexts, type Item, textOf } from './attribute-values.ts';

/** A table whose keys are strings, without indexes. */
export interface TableDefinition {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** How long DynamoDB knows the token of a transaction, in milliseconds. Source: the DynamoDB API reference. */
const tokenLife = 600_000;

/** A DynamoDB table. Expired items stay readable, as they may with AWS for days. */
export class Table {
  readonly definition: TableDefinition;
  /** The attribute by which items expire, once it was set. */
  timeToLive: string | undefined;
  readonly #items = new Map<string, Item>();
  /** What the last write replaced. */
  #before = new Map<string, Item | undefined>();
  /** Partitions as they were asked for since then, because a query asks once a page. */
  readonly #sorted = new Map<string, Item[]>();

  constructor(definition: TableDefinition) {
    this.definition = definition;
  }

  /**
   * An eventually consistent read is as late as it may be: it never sees the last write.
   */
  get(key: Item, consistent: boolean): Item | undefined {
    const name = this.#nameOf(key);
    return !consistent && this.#before.has(name) ? this.#before.get(name) : this.#items.get(name);
  }

  /** Puts several items at once. */
  put(items: readonly Item[]): void {
    this.#before = new Map();
    this.#sorted.clear();
    for (const item of items) {
      const name = this.#nameOf(item);
      this.#before.set(name, this.#items.get(name));
      this.#items.set(name, item);
    }
  }

  /** The items of a partition, in the order of the sort key. */
  partition(value: AttributeValue, consistent: boolean): readonly Item[] {
    const name = JSON.stringify([textOf(value), consistent]);
    const sorted = this.#sorted.get(name) ?? this.#sort(value, consistent);
    this.#sorted.set(name, sorted);
    return sorted;
  }

  #sort(value: AttributeValue, consistent: boolean): Item[] {
    const { partitionKey, sortKey } = this.definition;
    const order = (item: Item) => textOf(item[sortKey]) ?? '';
    return this.items(consistent)
      .filter((item) => textOf(item[partitionKey]) === textOf(value))
      .sort((a, b) => compareTexts(order(a), order(b)));
  }

  /** Every item, in no order. */
  items(consistent = true): Item[] {
    if (consistent) {
      return [...this.#items.values()];
    }
    const seen = new Map([...this.#items, ...this.#before]);
    return [...seen.values()].filter((item) => item !== undefined);
  }

  #nameOf(key: Item): string {
    return JSON.stringify([key[this.definition.partitionKey], key[this.definition.sortKey]]);
  }
}

/** The DynamoDB tables of an account, by region. */
export class Tables {
  readonly #tables = new Map<string, Table>();
  readonly #tokens = new Map<string, { readonly request: string; readonly at: number }>();

  /** @throws AwsError ResourceInUseException */
  create(region: string, definition: TableDefinition): Table {
    const name = `${region}/${definition.name}`;
    if (this.#tables.has(name)) {
      throw new AwsError('ResourceInUseException', `Table already exists: ${definition.name}`);
    }
    const table = new Table(definition);
    this.#tables.set(name, table);
    return table;
  }

  find(region: string, name: string): Table | undefined {
    return this.#tables.get(`${region}/${name}`);
  }

  /**
   * Whether a transaction with this token was done already, less than ten minutes ago.
   * @throws AwsError IdempotentParameterMismatchException where that was another transaction
   */
  isDone(token: string, request: string, now: number): boolean {
    const known = this.#tokens.get(token);
    if (known === undefined || now - known.at >= tokenLife) {
      return false;
    }
    if (known.request === request) {
      return true;
    }
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The provided client token was already used with different parameters',
    );
  }

  noteDone(token: string, request: string, now: number): void {
    this.#tokens.set(token, { request, at: now });
  }
}
