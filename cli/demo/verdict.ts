/**
 * Whether anything in use was ever deactivated: from the sandbox's own records of every change and every use, which
 * keysweep cannot see. Uses nothing of keysweep's decisions.
 */
import type { Sandbox, WriteRecord } from '../../sandbox/index.ts';

/** A request that AWS rejected because keysweep had deactivated or deleted its key. */
export interface Refusal {
  readonly at: Date;
  readonly userName: string;
  readonly accessKeyId: string;
  /** Days from the last real use to the deactivation. */
  readonly idleDays: number;
}

export interface Verdict {
  readonly deactivated: number;
  readonly deleted: number;
  /** Of these, keys that were inactive before, and that keysweep had not deactivated. */
  readonly deletedOfOthers: number;
  readonly restored: number;
  /** The shortest time, in days, from a key's last real use (its creation if there was none) to its deactivation. */
  readonly leastIdleDays: number;
  /** The shortest time, in days, from a deactivation to the deletion of the same key. */
  readonly leastInactiveDays: number;
  /** Deletions of a key that was Active, or that was deactivated in the same sweep. */
  readonly rashDeletions: number;
  readonly refusals: readonly Refusal[];
  readonly activeBefore: number;
  readonly activeAfter: number;
}

/** How many days after a use the demo's policy counts a key as in use. */
const inUseDays = 14;

/** Whether keysweep did harm. */
export function wasInUse({ leastIdleDays, leastInactiveDays, rashDeletions }: Verdict): boolean {
  return leastIdleDays < inUseDays || leastInactiveDays < deleteAfterDays || rashDeletions > 0;
}

/** The least number of days from deactivation to deletion in the demo's policy. */
const deleteAfterDays = 30;

const day = 86_400_000;

export function verdictOf({ writes, account }: Sandbox): Verdict {
  const apiWrites = writes.filter(({ by }) => by === 'api');
  const deactivations = apiWrites.filter(({ statusBefore, statusAfter }) =>
    isChange(statusBefore, statusAfter, 'Inactive'),
  );
  const deletions = apiWrites.filter(({ action }) => action === 'iam:DeleteAccessKey');
  const restorations = apiWrites.filter(({ statusBefore, statusAfter }) =>
    isChange(statusBefore, statusAfter, 'Active'),
  );
  const waits = deletions.map((deletion) => inactiveDays(deletion, writes));
  const keys = account.users().flatMap(({ accessKeys }) => accessKeys);
  const activeAfter = keys.filter(({ status }) => status === 'Active').length;
  const deletedByPeople = writes.filter(({ by, action, statusBefore }) => {
    return by === 'person' && action === 'iam:DeleteAccessKey' && statusBefore === 'Active';
  });
  return {
    deactivated: deactivations.length,
    deleted: deletions.length,
    deletedOfOthers: waits.filter((days) => days === undefined).length,
    restored: restorations.length,
    leastIdleDays: Math.min(...deactivations.map(idleDays)),
    leastInactiveDays: Math.min(...waits.filter((days) => days !== undefined)),
    rashDeletions: deletions.filter(({ statusBefore }, index) => statusBefore !== 'Inactive' || waits[index] === 0)
      .length,
    refusals: account.usage.refused.flatMap(({ at, accessKeyId, userName }): Refusal[] => {
      const write = deactivations.findLast((one) => one.accessKeyId === accessKeyId && one.at <= at);
      if (write === undefined) return [];
      return [{ at, accessKeyId, userName: userName ?? write.userName, idleDays: idleDays(write) }];
    }),
    activeBefore: activeAfter + deactivations.length - restorations.length + deletedByPeople.length,
    activeAfter,
  };
}

function isChange(before: WriteRecord['statusBefore'], after: WriteRecord['statusAfter'], to: 'Active' | 'Inactive') {
  return before !== undefined && before !== to && after === to;
}

function idleDays({ at, lastUsedAt, keyCreatedAt }: WriteRecord): number {
  return (at.getTime() - (lastUsedAt ?? keyCreatedAt ?? at).getTime()) / day;
}

/** Days since the key was deactivated; undefined if that was before these months. */
function inactiveDays({ accessKeyId, at }: WriteRecord, writes: readonly WriteRecord[]): number | undefined {
  const deactivation = writes.findLast((write) => {
    return write.accessKeyId === accessKeyId && write.at <= at && write.statusAfter === 'Inactive';
  });
  return deactivation === undefined ? undefined : (at.getTime() - deactivation.at.getTime()) / day;
}
