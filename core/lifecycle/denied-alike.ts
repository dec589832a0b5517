/** If AWS denies every change of one type, the cause is not a single key: one line reports it for all of them. */
import type { Change } from './decision.ts';

/** What AWS said when it denied a change. */
export interface Denial {
  /** Names the action and, if AWS does, the caller and the policy that denies it. */
  readonly why: string;
  /** What a person can do about it. */
  readonly hint?: string;
}

/** A change that AWS answered; without a denial it was allowed. */
export interface AnsweredChange {
  readonly change: Change['type'];
  readonly denial?: Denial;
}

export interface DeniedAlike {
  /** The problem, reported once for all keys. */
  readonly problem: string;
  /** What is reported for each key instead of the full reason. */
  readonly ofEach: string;
}

const changeNouns: Readonly<Record<Change['type'], string>> = { deactivate: 'deactivation', delete: 'deletion' };

/** The types of change that AWS denied for two or more keys and allowed for none. Changes without an answer do not count. */
export function deniedAlike(answered: readonly AnsweredChange[]): ReadonlyMap<Change['type'], DeniedAlike> {
  const kinds = [...new Set(answered.map(({ change }) => change))];
  return new Map(
    kinds.flatMap((kind) => {
      const own = answered.filter(({ change }) => change === kind);
      const denials = own.flatMap(({ denial }) => denial ?? []);
      if (denials.length < 2 || denials.length < own.length) return [];
      const noun = changeNouns[kind];
      // Usually one reason, and at most one per type of policy.
      const reasons = [...new Set(denials.map(({ why, hint }) => (hint === undefined ? why : `${why}; ${hint}`)))];
      const problem = `AWS denied ${denials.length} ${noun}s and allowed none: ${reasons.join('; also: ')}`;
      return [[kind, { problem, ofEach: `AWS denied it, like every ${noun} in this sweep` }] as const];
    }),
  );
}
