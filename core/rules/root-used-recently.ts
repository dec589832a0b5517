import { describeDuration, describeLimit } from '../duration.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { LastUse } from '../model.ts';
import { rootPassword } from './root-remedies.ts';
import type { RootRule } from './rule.ts';

/** The latest use of the root user, by password or by any key, is less than `root.recentUse` ago. */
export const rootUsedRecently: RootRule = {
  id: 'root-used-recently',
  subject: 'root',
  appliesTo: ['full', 'keys-only', 'none'],
  title: 'Root user was used recently',
  condition: 'The latest use of the root user, by password or by any of its keys, is less than root.recentUse ago.',
  why: 'Almost no task needs the root user. A use that no one can explain may be an attacker with full access.',
  remedy: 'Find out who used it and why (CloudTrail, user identity Root). Use a role for everyday work.',
  severity: 'high',
  judge(principal, { asOf, thresholds: { root } }) {
    const { password, credentials, incomplete, removed } = principal;
    const uses = [
      { by: 'password', lastUse: password.lastUse },
      ...[...credentials, ...(removed?.credentials ?? [])].map(({ ref, lastUse }) => ({
        by: `${kindOf(ref.kind).noun.one} ${ref.id ?? `in slot ${ref.slot ?? '?'}`}`,
        lastUse,
      })),
    ];
    const [latest] = uses.flatMap(asUse).sort((a, b) => b.at.getTime() - a.at.getTime());
    if (latest !== undefined) {
      const idle = asOf.getTime() - latest.at.getTime();
      if (idle < root.recentUse) {
        const reason = `used ${describeDuration(idle)} ago by ${latest.by} (limit ${describeLimit(root.recentUse)})`;
        const evidence = { lastUsedAt: latest.at.toISOString(), lastUsedBy: latest.by, ...rootPassword(principal) };
        return [{ status: 'fail', reason, evidence }];
      }
    }
    const unknown = uses.flatMap(({ by, lastUse }) => (lastUse.kind === 'unknown' ? [`${by}: ${lastUse.why}`] : []));
    const why = unknown[0] ?? removed?.hidden ?? Object.values(incomplete ?? {})[0];
    return why === undefined ? [] : [{ status: 'error', reason: `cannot be judged: ${why}`, evidence: {} }];
  },
};

function asUse({ by, lastUse }: { by: string; lastUse: LastUse }): { by: string; at: Date }[] {
  return lastUse.kind === 'used' ? [{ by, at: lastUse.at }] : [];
}
