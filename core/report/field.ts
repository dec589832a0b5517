/** Readers of single fields. Each returns undefined for text it does not recognize; the caller adds line and column. */
import type { Marker, Reported } from './types.ts';

const markers: Readonly<Record<string, Reported<never>>> = {
  'N/A': { known: false, marker: 'N/A' },
  no_information: { known: false, marker: 'no_information' },
  not_supported: { known: false, marker: 'not_supported' },
} satisfies Record<Marker, Reported<never>>;

const booleans: Readonly<Record<string, Reported<boolean>>> = {
  true: { known: true, value: true },
  false: { known: true, value: false },
};

/** `true`/`false` in any case (live reports write lower case, the guide upper case), or a marker. */
export function readFlag(text: string): Reported<boolean> | undefined {
  return readMarker(text) ?? lookUp(booleans, text.toLowerCase());
}

/** ISO 8601 to the second or finer, ending in `Z` (live) or `+00:00` (other producers), or a marker. */
export function readTime(text: string): Reported<Date> | undefined {
  const marker = readMarker(text);
  if (marker !== undefined) return marker;
  const [, toTheSecond, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(?:Z|\+00:00)$/.exec(text) ?? [];
  if (toTheSecond === undefined) return undefined;
  const value = new Date(`${toTheSecond}${fraction.slice(0, 4)}Z`);
  // The round trip refuses days that do not exist: JavaScript reads 30 February as 2 March.
  const exists = !Number.isNaN(value.getTime()) && value.toISOString().startsWith(toTheSecond);
  return exists ? { known: true, value } : undefined;
}

/** Any text that is not empty, or a marker. */
export function readText(text: string): Reported<string> | undefined {
  if (text === '') return undefined;
  return readMarker(text) ?? { known: true, value: text };
}

function readMarker(text: string): Reported<never> | undefined {
  return lookUp(markers, text);
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
