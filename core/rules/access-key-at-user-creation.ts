import { MINUTE } from '../duration.ts';
import { accessKey } from '../kinds/access-key.ts';
import type { Duration, ObservedCredential, ObservedPrincipal } from '../model.ts';
import { describeIdle, judgeEach, verdictOn } from './credentials.ts';
import type { Judgement, RuleContext, UserRule } from './rule.ts';

/**
 * A key created less than this after its user was created with it: one script, template or wizard makes both within seconds.
 * Tools that check the same use 10 to 60 seconds.
 */
const together: Duration = MINUTE;

/** Active, never used, and created together with a user who has a console password. One finding for each key. */
export const accessKeyAtUserCreation: UserRule = {
  id: 'access-key-at-user-creation',
  subject: 'user',
  confirmedBy: { kind: accessKey.kind, by: 'last-use' },
  title: 'Access key was created with its user',
  condition:
    'The user has a console password, and an active access key that was created less than a minute after the user, at least accessKeys.neverUsedGrace ago, and was never used since. Use shows that the key is needed.',
  why: 'A key that comes with every new user is one that no one asked for: its secret lies in an e-mail or a download folder, and no one would miss it.',
  remedy:
    'Deactivate the key, and delete it a few weeks later. People need none: they sign in with aws login or IAM Identity Center. Create keys only on request, apart from the user.',
  severity: 'medium',
  judge(user, context) {
    const { enabled } = user.password;
    if (enabled.known && !enabled.value) return [];
    return judgeEach(user, accessKey.kind, (key) => {
      const verdict = verdictOn(key, judge(key, user, context), context.asOf);
      return verdict && { ...verdict, evidence: { ...verdict.evidence, ...evidenceOf(user) } };
    });
  },
};

function judge(
  { status, createdAt, lastUse }: ObservedCredential,
  user: ObservedPrincipal,
  { asOf, thresholds: { accessKeys } }: RuleContext,
): Judgement {
  if (status.known && status.value !== 'Active') return undefined;
  if (lastUse.kind === 'used' || lastUse.kind === 'untracked') return undefined;
  if (!createdAt.known) return { unknown: createdAt.why };
  const age = asOf.getTime() - createdAt.value.getTime();
  if (age < accessKeys.neverUsedGrace) return undefined;
  if (!user.createdAt.known) return { unknown: user.createdAt.why };
  const apart = createdAt.value.getTime() - user.createdAt.value.getTime();
  if (apart >= together) return undefined;
  const { enabled } = user.password;
  if (!enabled.known) return { unknown: enabled.why };
  if (!status.known) return { unknown: status.why };
  if (lastUse.kind === 'unknown') return { unknown: lastUse.why };
  const idle = describeIdle('never used', age, accessKeys.neverUsedGrace);
  return { fail: `created with its user, ${idle}`, restsOnLastUse: true };
}

function evidenceOf({ createdAt, password: { enabled } }: ObservedPrincipal) {
  return {
    userCreatedAt: createdAt.known ? createdAt.value.toISOString() : null,
    passwordEnabled: enabled.known ? enabled.value : null,
  };
}
