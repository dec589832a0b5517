import type { AttributeValue, Item } from '../../state/attribute-values.ts';
import { validationException } from './errors.ts';

/** An item of a request. @throws AwsError ValidationException */
export function readItem(value: unknown, member: string): Item {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw validationException(`${member} must be a map of attribute values`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, attribute]) => [name, readAttribute(attribute, name)]));
}

export function readAttribute(value: unknown, name: string): AttributeValue {
  const [type, content, ...more] = typeof value === 'object' && value !== null ? Object.entries(value).flat() : [];
  if (type === undefined || more.length > 0) {
    throw validationException('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (type === 'S' && typeof content === 'string') {
    return { S: content };
  }
  if (type === 'N' && typeof content === 'string') {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(content)) {
      throw validationException('The parameter cannot be converted to a numeric value');
    }
    return { N: String(Number(content)) };
  }
  if (type === 'BOOL' && typeof content === 'boolean') {
    return { BOOL: content };
  }
  if (type === 'NULL' && content === true) {
    return { NULL: true };
  }
  if (type === 'L' && Array.isArray(content)) {
    return { L: content.map((element) => readAttribute(element, name)) };
  }
  if (type === 'M') {
    return { M: readItem(content, name) };
  }
  throw validationException(`${name}: the sandbox offers no attribute of type ${type}, or not with this value`);
}
