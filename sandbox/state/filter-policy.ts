/** Filter policies of SNS subscriptions, as far as the sandbox knows them. Source: the SNS developer guide. */
import { awsError } from '../errors.ts';
import type { MessageAttribute } from './messages.ts';

export interface FilterPolicy {
  /** JSON, as it was given. */
  readonly text: string;
  readonly scope: 'MessageAttributes' | 'MessageBody';
}

/** @throws AwsError InvalidParameter where it is no JSON object of lists */
export function readFilterPolicy(text: string, scope = 'MessageAttributes'): FilterPolicy | undefined {
  if (text === '' || text === '{}') return undefined;
  if (scope !== 'MessageAttributes' && scope !== 'MessageBody') throw invalid('FilterPolicyScope: Invalid value');
  const policy = parse(text);
  if (Object.keys(policy).length > 5) throw invalid('FilterPolicy: Filter policy can not have more than 5 keys');
  if (scope === 'MessageAttributes' && !Object.values(policy).every(Array.isArray)) {
    throw invalid('FilterPolicy: "key" must be an object or an array');
  }
  return { text, scope };
}

/** Whether a message passes. Every key must have one condition that holds. */
export function passesFilter(
  filter: FilterPolicy | undefined,
  message: { readonly attributes: Readonly<Record<string, MessageAttribute>>; readonly body: string },
): boolean {
  if (filter === undefined) return true;
  const policy = parse(filter.text);
  const values = filter.scope === 'MessageBody' ? bodyValues(message.body) : attributeValues(message.attributes);
  return Object.entries(policy).every(([key, conditions]) => {
    return Array.isArray(conditions) && conditions.some((condition: unknown) => holds(condition, values[key]));
  });
}

function holds(condition: unknown, value: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return condition === value;
  const [[operator, operand] = []] = Object.entries(condition) as [string, unknown][];
  switch (operator) {
    case 'exists':
      return operand === (value !== undefined);
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'anything-but':
      return value !== undefined && ![operand].flat().includes(value);
    default:
      throw invalid(`FilterPolicy: the sandbox does not know ${operator}`);
  }
}

function attributeValues(attributes: Readonly<Record<string, MessageAttribute>>): Readonly<Record<string, unknown>> {
  const typed = ({ type, value }: MessageAttribute) => (type.startsWith('Number') ? Number(value) : value);
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, typed(attribute)]));
}

function bodyValues(body: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(body) };
  } catch {
    return {};
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Falls through.
  }
  throw invalid('FilterPolicy: failed to parse JSON');
}

function invalid(what: string) {
  return awsError('InvalidParameter', `Invalid parameter: ${what}`);
}
