/** Where AWS denies every change of a kind, the reason is hardly the single key: one line says so for all of them. */
import type { Change } from './decision.ts';

/** What AWS said as it denied a change. */
export interface Denial {
  /** Names the action and, where AWS does, the caller and the policy in the way. */
  readonly why: string;
  /** What a person can do about it. */
  readonly hint?: string;
}

/** A change that AWS has answered; without a denial it was allowed. */
export interface AnsweredChange {
  readonly change: Change['type'];
  readonly denial?: Denial;
}

export interface DeniedAlike {
  /** What operators are notified once, for all keys. */
  readonly problem: string;
  /** What is said of each key instead of the whole reason. */
  readonly ofEach: string;
}

const changeNouns: Readonly<Record<Change['type'], string>> = { deactivate: 'deactivation', delete: 'deletion' };

/** The kinds of change that AWS denied for two keys or more and allowed for none. What got no answer says nothing. */
export function deniedAlike(answered: readonly AnsweredChange[]): ReadonlyMap<Change['type'], DeniedAlike> {
  const kinds = [...new Set(answered.map(({ change }) => change))];
  return new Map(
    kinds.flatMap((kind) => {
      const own = answered.filter(({ change }) => change === kind);
      const denials = own.flatMap(({ denial }) => denial ?? []);
      if (denials.length < 2 || denials.length < own.length) return [];
      const noun = changeNouns[kind];
      // As a rule one reason; there are as many as there are kinds of policies at most.
      const reasons = [...new Set(denials.map(({ why, hint }) => (hint === undefined ? why : `${why}; ${hint}`)))];
      const problem = `AWS denied the ${noun} of ${denials.length} keys and allowed none: ${reasons.join('; also: ')}`;
      return [[kind, { problem, ofEach: `AWS denied it, and allowed no ${noun} in this sweep` }] as const];
    }),
  );
}
