/**
 * What an operation of the Query protocol answers. A list becomes `<member>` elements, a date an ISO time without
 * milliseconds (as IAM writes it), undefined nothing at all, a {@link RawXml} what it holds.
 */
export type XmlValue = string | number | boolean | Date | RawXml | XmlList | XmlObject | undefined;
export interface XmlList extends ReadonlyArray<XmlValue> {}
export interface XmlObject {
  readonly [name: string]: XmlValue;
}

/** Markup that is already escaped. */
class RawXml {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** A map as the Query protocol writes it: `<entry><key/><value/></entry>` for each pair. */
export function xmlMap(map: Readonly<Record<string, string | number>>): RawXml {
  const entry = ([key, value]: [string, string | number]) =>
    `<entry>${element('key', key)}${element('value', value)}</entry>`;
  return new RawXml(Object.entries(map).map(entry).join(''));
}

export function element(name: string, value: XmlValue): string {
  return value === undefined ? '' : `<${name}>${content(value)}</${name}>`;
}

export function elements(object: XmlObject): string {
  let markup = '';
  for (const name in object) {
    markup += element(name, object[name]);
  }
  return markup;
}

/** ISO 8601 in UTC with whole seconds: `2026-09-11T13:14:52Z`. */
export function isoSeconds(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function content(value: Exclude<XmlValue, undefined>): string {
  if (typeof value === 'string') {
    return escapeXml(value);
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  if (value instanceof Date) {
    return isoSeconds(value);
  }
  if (value instanceof RawXml) {
    return value.markup;
  }
  if (isList(value)) {
    return value.map((item) => element('member', item)).join('');
  }
  return elements(value);
}

function isList(value: XmlList | XmlObject): value is XmlList {
  return Array.isArray(value);
}

const special = /[&<>"'\r]/;

function escapeXml(text: string): string {
  if (!special.test(text)) {
    return text;
  }
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\r', '&#13;');
}
