import { aheadInWords, isAhead } from '../lies-ahead.ts';
import { describeIdle, judgeAccessKeys } from './access-keys.ts';
import { controlIds } from './controls.ts';
import type { UserRule } from './rule.ts';

/**
 * Inactive, and `accessKeys.maxInactive` or more after the latest of its creation, its last use, and its being seen active.
 *
 * AWS does not say when a key was deactivated; where no ledger knows, these two are the latest moments known.
 */
export const accessKeyInactive: UserRule = {
  id: 'access-key-inactive',
  subject: 'user',
  confirmedBy: 'access-keys',
  title: 'Inactive access key was not deleted',
  condition:
    'Inactive, and the latest of its creation, its last use and its being seen active was accessKeys.maxInactive ago or longer.',
  why: 'An inactive key can be switched on again by whoever may change keys, and it takes one of the two places that a user has.',
  remedy: 'Delete the key. If it may still be needed, note why in an exemption with an owner and an expiry date.',
  severity: 'low',
  controls: controlIds({ nist: ['AC-2(3)'] }),
  judge(user, { asOf, thresholds: { accessKeys } }) {
    return judgeAccessKeys(user, asOf, ({ status, createdAt, lastUse, lastSeenActiveAt }) => {
      if (status.known && status.value === 'Active') return undefined;
      if (!createdAt.known) return { unknown: createdAt.why };
      const age = asOf.getTime() - createdAt.value.getTime();
      if (lastSeenActiveAt !== undefined && isAhead(lastSeenActiveAt, asOf))
        return { unknown: aheadInWords('its being seen active', lastSeenActiveAt) };
      const signs = [lastSeenActiveAt, lastUse.kind === 'used' ? lastUse.at : undefined].filter(
        (time) => time !== undefined,
      );
      const idle = Math.min(age, ...signs.map((time) => asOf.getTime() - time.getTime()));
      if (idle < accessKeys.maxInactive) return undefined;
      if (!status.known) return { unknown: status.why };
      if (lastUse.kind === 'unknown') return { unknown: lastUse.why };
      return { fail: describeIdle('inactive, and unused', idle, accessKeys.maxInactive), restsOnLastUse: true };
    });
  },
};
