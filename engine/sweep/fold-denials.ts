import { deniedAlike } from '../../core/lifecycle/denied-alike.ts';
import type { DeedResult } from './settle.ts';

/** Results of which none repeats what AWS said to all alike, and what is said once instead. The ledger keeps it by key. */
export function foldDenials(results: readonly DeedResult[]): {
  readonly results: readonly DeedResult[];
  readonly problems: readonly string[];
} {
  const answered = results.filter(({ outcome, denial }) => outcome === 'applied' || denial !== undefined);
  const alike = deniedAlike(
    answered.map(({ announced, denial }) => ({ change: announced.deed.type, ...(denial && { denial }) })),
  );
  const folded = results.map((result): DeedResult => {
    const { announced, denial, detail, correction } = result;
    const ofEach = alike.get(announced.deed.type)?.ofEach;
    if (denial === undefined || ofEach === undefined) return result;
    return {
      ...result,
      // Something may have been added to it.
      detail: detail?.replace(denial.why, () => ofEach) ?? ofEach,
      ...(correction && { correction: { ...correction, why: ofEach } }),
    };
  });
  return { results: folded, problems: [...alike.values()].map(({ problem }) => problem) };
}
