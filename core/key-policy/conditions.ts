/**
 * The conditions of a key policy, as far as they are evaluated. Source: the IAM User Guide, "IAM JSON policy elements:
 * Condition operators" and "Set operators for multivalued context keys".
 */
import { compileGlob } from '../policy/glob.ts';

/** Whether a condition holds; `unclear` where that is not evaluated. */
export type Holding = 'yes' | 'no' | 'unclear';

/** Whether a condition holds for a request that does not have its key. */
export function holdsWithoutKey(operator: string, values: readonly string[]): Holding {
  if (operator === 'Null') return holdsNull(values, 'true');
  if (operator.startsWith('ForAnyValue:')) return 'no';
  return /^ForAllValues:|IfExists$|Not(?:Equals|Like|IpAddress)/.test(operator) ? 'yes' : 'no';
}

/**
 * Whether a condition holds for every log group of an account, of which each request names one.
 *
 * @param logGroups the ARN of all of them: a name stands in the place of the `*` at its end
 */
export function holdsForLogGroups(operator: string, values: readonly string[], logGroups: string): Holding {
  switch (operator.replace(/IfExists$/, '')) {
    case 'Null':
      return holdsNull(values, 'false');
    case 'StringLike':
      return values.some((value) => covers(compileGlob(value), logGroups)) ? 'yes' : 'unclear';
    case 'ArnLike':
    case 'ArnEquals':
      return values.some((value) => covers(compileArn(value), logGroups)) ? 'yes' : 'unclear';
    // Without wildcards: they are characters like any other, which no name of a log group has.
    case 'StringEquals':
    case 'StringEqualsIgnoreCase':
      return values.every((value) => /[*?]/.test(value)) ? 'no' : 'unclear';
    default:
      return 'unclear';
  }
}

function holdsNull(values: readonly string[], wanted: 'true' | 'false'): Holding {
  if (values.some((value) => value !== 'true' && value !== 'false')) return 'unclear';
  return values.includes(wanted) ? 'yes' : 'no';
}

/** Of two names without a character in common, of different lengths, only a `*` matches both. */
function covers(matches: (text: string) => boolean, logGroups: string): boolean {
  return ['.', '/'.repeat(20)].every((name) => matches(logGroups.replace('*', name)));
}

/** The six parts of an ARN are compared one by one: a wildcard does not match beyond its part. */
function compileArn(pattern: string): (arn: string) => boolean {
  const parts = partsOf(pattern).map(compileGlob);
  return (arn) => parts.length === 6 && partsOf(arn).every((part, at) => parts[at]?.(part));
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
