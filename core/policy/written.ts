/** A policy as keysweep.yaml would say it, with every default: for people who compare two of them. */
import { formatDuration } from '../duration.ts';
import type { Cap, Policy, RuleSetting } from './policy.ts';

/** Plain data in the form of keysweep.yaml; loaded again, it is the same policy. */
export type WrittenPolicy = Readonly<Record<string, unknown>>;

export function writtenPolicy({ version, limits, calendar, rules, ...others }: Policy): WrittenPolicy {
  const { maxDeactivations, maxDeletions, ...ages } = limits;
  const { mode, overrides, exemptions, ...sections } = others;
  return {
    version,
    mode,
    ...written(sections),
    limits: {
      maxDeactivations: writtenCap(maxDeactivations),
      maxDeletions: writtenCap(maxDeletions),
      ...written(ages),
    },
    calendar: { ...calendar, freeze: calendar.freeze.map(({ from, to }) => `${from}/${to}`) },
    rules: Object.fromEntries(Object.entries(rules).map(([rule, setting]) => [rule, writtenRule(setting)])),
    // Last, because they may be long.
    ...written({ overrides, exemptions }),
  };
}

/** Apart from the version and the caps, every number of a policy is a duration. */
function written<T extends object>(section: T): Record<string, unknown> {
  return Object.fromEntries(Object.entries(section).map(([name, value]) => [name, writtenValue(value)]));
}

function writtenValue(value: unknown): unknown {
  if (typeof value === 'number') return formatDuration(value);
  if (Array.isArray(value)) return value.map(writtenValue);
  return typeof value === 'object' && value !== null ? written(value) : value;
}

function writtenCap(cap: Cap): number | string {
  return 'count' in cap ? cap.count : `${cap.percent}%`;
}

function writtenRule({ enabled, severity }: RuleSetting): unknown {
  if (!enabled) return 'off';
  return severity === undefined ? 'on' : { severity };
}
