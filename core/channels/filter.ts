/** Whether a filter policy of SNS lets a message through. Source: the SNS developer guide, "Subscription filter policies". */
import type { MessageAttributes } from './message-attributes.ts';
import type { SubscriptionFilter } from './subscription.ts';

/** `unknown`: the policy tests something that is unknown here, or uses an operator that is not supported. Never a pass. */
export type FilterVerdict = boolean | 'unknown';

/**
 * Every key of a policy must have one condition that matches. A policy on the message body is `unknown`: the body for
 * e-mail and chat is not JSON that keysweep guarantees.
 */
export function passesFilter({ policy, scope }: SubscriptionFilter, attributes: MessageAttributes): FilterVerdict {
  if (scope !== 'MessageAttributes') return 'unknown';
  const keys = parse(policy);
  if (keys === undefined) return 'unknown';
  return every(Object.entries(keys).map(([key, conditions]) => judgeKey(key, conditions, attributes)));
}

function judgeKey(key: string, conditions: unknown, attributes: MessageAttributes): FilterVerdict {
  if (!Array.isArray(conditions)) return 'unknown';
  const isSent = Object.hasOwn(attributes, key);
  const value = attributes[key];
  if (isSent && value === undefined) return 'unknown';
  return some(conditions.map((condition: unknown) => holds(condition, value)));
}

function holds(condition: unknown, value: string | number | undefined): FilterVerdict {
  if (typeof condition !== 'object' || condition === null) return value !== undefined && condition === value;
  const entries = Object.entries(condition);
  const [operator, operand] = entries[0] ?? [];
  if (entries.length !== 1) return 'unknown';
  switch (operator) {
    case 'exists':
      return typeof operand === 'boolean' ? operand === (value !== undefined) : 'unknown';
    case 'prefix':
      return textual(operand, (text) => typeof value === 'string' && value.startsWith(text));
    case 'suffix':
      return textual(operand, (text) => typeof value === 'string' && value.endsWith(text));
    case 'equals-ignore-case':
      return textual(operand, (text) => typeof value === 'string' && value.toLowerCase() === text.toLowerCase());
    case 'anything-but': {
      const excluded: readonly unknown[] = [operand].flat();
      if (excluded.some((one) => typeof one !== 'string' && typeof one !== 'number')) return 'unknown';
      return value !== undefined && !excluded.includes(value);
    }
    case 'numeric':
      return numeric(operand, value);
    default:
      return 'unknown';
  }
}

function textual(operand: unknown, test: (text: string) => boolean): FilterVerdict {
  return typeof operand === 'string' ? test(operand) : 'unknown';
}

/** `["=", 3]` or `[">=", 1, "<", 10]`. */
function numeric(operand: unknown, value: string | number | undefined): FilterVerdict {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 === 1) return 'unknown';
  if (typeof value !== 'number') return false;
  const verdicts: FilterVerdict[] = [];
  for (let place = 0; place < operand.length; place += 2) {
    verdicts.push(compare(operand[place], value, operand[place + 1]));
  }
  return every(verdicts);
}

function compare(operator: unknown, value: number, bound: unknown): FilterVerdict {
  if (typeof bound !== 'number') return 'unknown';
  switch (operator) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      return 'unknown';
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function every(verdicts: readonly FilterVerdict[]): FilterVerdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes('unknown') ? 'unknown' : true;
}

function some(verdicts: readonly FilterVerdict[]): FilterVerdict {
  if (verdicts.includes(true)) return true;
  return verdicts.includes('unknown') ? 'unknown' : false;
}
