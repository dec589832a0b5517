import { accessKey } from '../kinds/access-key.ts';
import type { ObservedCredential } from '../model.ts';
import type { UserRule } from './rule.ts';

/** More than one active key; one finding for the user. */
export const accessKeysTwoActive: UserRule = {
  id: 'access-keys-two-active',
  subject: 'user',
  confirmedBy: { kind: accessKey.kind, by: 'list' },
  title: 'User has two active access keys',
  condition: 'Both access keys of the user are active: one finding for the user.',
  why: 'Two active keys make sense only while one replaces the other. After that, the second key is an unwatched way in and leaves no room to rotate.',
  remedy: 'Find out which key is in use, deactivate the other one, and delete it a few weeks later.',
  severity: 'low',
  judge({ credentials, incomplete }) {
    const candidates = credentials.filter(({ ref, status }) => {
      return ref.kind === accessKey.kind && (!status.known || status.value === 'Active');
    });
    const active = candidates.filter(({ status }) => status.known);
    const evidence = { activeKeys: active.map(nameOf).join(', ') };
    if (candidates.length < 2) {
      const why = incomplete?.[accessKey.kind];
      return why === undefined ? [] : [{ status: 'error', reason: `cannot be judged: ${why}`, evidence }];
    }
    const reason = `${candidates.length} active access keys: ${candidates.map(nameOf).join(', ')}`;
    const unverified = active.map((key) => key.unverified).find((why) => why !== undefined);
    if (active.length >= 2 && unverified === undefined) return [{ status: 'fail', reason, evidence }];
    const unknown = candidates
      .map(({ status }) => (status.known ? undefined : status.why))
      .find((why) => why !== undefined);
    return [{ status: 'error', reason: `possibly ${reason}; not confirmed: ${unverified ?? unknown}`, evidence }];
  },
};

function nameOf({ ref }: ObservedCredential): string {
  return ref.id ?? `slot ${ref.slot ?? '?'}`;
}
