/** A value as DynamoDB has it on the wire. Sets and binary values are not offered. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Readonly<Record<string, AttributeValue>> };

export type Item = Readonly<Record<string, AttributeValue>>;

/** The text of a string attribute. */
export function textOf(value: AttributeValue | undefined): string | undefined {
  return value !== undefined && 'S' in value ? value.S : undefined;
}

export function isSame(a: AttributeValue, b: AttributeValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** How two values of one type are ordered: strings by their bytes in UTF-8. Undefined for values that have no order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('S' in a && 'S' in b) {
    return compareTexts(a.S, b.S);
  }
  return 'N' in a && 'N' in b ? Number(a.N) - Number(b.N) : undefined;
}

/** By the bytes in UTF-8, which is the order of the code units but for characters that take two of them. */
export function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  if (surrogate.test(a) || surrogate.test(b)) {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return a < b ? -1 : 1;
}

const surrogate = /[\ud800-\udfff]/;

/** Bytes that an item takes. Source: "DynamoDB item sizes and formats" in the developer guide. */
export function sizeOfItem(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value), 0);
}

function sizeOfValue(value: AttributeValue): number {
  if ('S' in value) {
    return Buffer.byteLength(value.S);
  }
  if ('N' in value) {
    return Math.ceil(value.N.length / 2) + 1;
  }
  if ('L' in value) {
    return value.L.reduce((sum, element) => sum + 1 + sizeOfValue(element), 3);
  }
  if ('M' in value) {
    return 3 + Object.keys(value.M).length + sizeOfItem(value.M);
  }
  return 1;
}
