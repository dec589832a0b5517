import { awsError, constraintError } from './errors.ts';
import type { QueryParams } from './http/query-params.ts';

export interface PagingOptions {
  /**
   * No page holds more than this, whatever the caller asks for: pages are short and still truncated, as AWS may do.
   * Default: no limit beside the caller's.
   */
  readonly maxPageSize?: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly isTruncated: boolean;
  readonly marker: string | undefined;
}

/**
 * One page of a sorted list as IAM pages: Marker and MaxItems (1 to 1,000, default 100). The marker holds the key of
 * the last item given, so that deletions between two pages neither skip nor repeat anything.
 */
export function pageOf<T>(
  action: string,
  list: readonly T[],
  keyOf: (item: T) => string,
  params: QueryParams,
  options: PagingOptions,
): Page<T> {
  const size = Math.min(maxItems(params), options.maxPageSize ?? 1000);
  const marker = params.get('Marker');
  const start = marker === undefined ? 0 : firstAfter(list, keyOf, readMarker(action, marker));
  const items = list.slice(start, start + size);
  const last = items.at(-1);
  const isTruncated = start + size < list.length;
  return {
    items,
    isTruncated,
    marker: isTruncated && last !== undefined ? writeMarker(action, keyOf(last)) : undefined,
  };
}

/** The two fields with which every paged answer of IAM ends. */
export function pageFields(page: Page<unknown>): { IsTruncated: boolean; Marker: string | undefined } {
  return { IsTruncated: page.isTruncated, Marker: page.marker };
}

function maxItems(params: QueryParams): number {
  const text = params.get('MaxItems');
  if (text === undefined) {
    return 100;
  }
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw constraintError(text, 'maxItems', 'Member must have value greater than or equal to 1');
  }
  if (value > 1000) {
    throw constraintError(text, 'maxItems', 'Member must have value less than or equal to 1000');
  }
  return value;
}

/** Binary search: the list is sorted by its keys. */
function firstAfter<T>(list: readonly T[], keyOf: (item: T) => string, key: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(list[middle] as T) <= key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function writeMarker(action: string, key: string): string {
  return Buffer.from(JSON.stringify([action, key])).toString('base64url');
}

function readMarker(action: string, marker: string): string {
  try {
    const [forAction, key] = JSON.parse(Buffer.from(marker, 'base64url').toString()) as unknown[];
    if (forAction === action && typeof key === 'string') {
      return key;
    }
  } catch {
    // Falls through: what cannot be read is not one of ours.
  }
  throw awsError('ValidationError', `Invalid Marker: ${marker}`);
}
