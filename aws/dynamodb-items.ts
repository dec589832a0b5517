/** DynamoDB's attribute values from and to plain JSON, as far as the ledger's records need them. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { UnexpectedAnswer } from './live-read.ts';

export type Item = Record<string, AttributeValue>;

export function toItem(record: Readonly<Record<string, unknown>>): Item {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, toAttribute(value)]));
}

/** @throws UnexpectedAnswer for a type that the ledger does not write */
export function fromItem(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(name, value)]));
}

function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (typeof value === 'object' && value !== null) return { M: toItem(value as Record<string, unknown>) };
  throw new TypeError(`no attribute for ${typeof value}`);
}

function fromAttribute(name: string, value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.L !== undefined) return value.L.map((element) => fromAttribute(name, element));
  if (value.M !== undefined) return fromItem(value.M);
  throw new UnexpectedAnswer(`the attribute ${name} is of the type ${Object.keys(value).join()}`);
}
