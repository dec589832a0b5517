/** What the report shows, compared with what IAM shows now, where that takes a few requests for the whole account. */
import { isConfirmable, needsRootFacts, withRootFacts } from '../../core/confirm-root.ts';
import { asListed, byName, describeUnlisted } from '../../core/confirm-users.ts';
import type { Audit, Finding, Observation } from '../../core/model.ts';
import type { CredentialSource } from '../../core/ports.ts';
import type { Evaluator } from '../../core/rules/evaluate.ts';
import { isShown, usersToConfirm } from '../../core/triage.ts';
import { mapUsers } from './map-users.ts';

/** How to read, and which users were shown by another read. */
export interface Confirming {
  readonly reads: CredentialSource;
  readonly shown: ReadonlySet<string>;
}

/** An observation without what is known to be out of date. */
export interface ConfirmedReport extends Required<Pick<Audit, 'mended' | 'unconfirmed'>> {
  readonly observation: Observation;
}

/** Costs nothing if no finding rests on the report alone. */
export async function confirmReport(
  observation: Observation,
  evaluator: Evaluator,
  confirming: Confirming,
): Promise<ConfirmedReport> {
  const [root, users] = await Promise.all([
    confirmRoot(observation, evaluator, confirming),
    confirmUsers(observation, evaluator, confirming),
  ]);
  return {
    observation: { ...users.observation, ...root.changed },
    mended: root.mended,
    unconfirmed: users.unconfirmed,
  };
}

async function confirmRoot({ root, account }: Observation, evaluator: Evaluator, { reads }: Confirming) {
  const found = evaluator.evaluateRoot(root);
  if (root === undefined || !needsRootFacts(found, account)) return { changed: {}, mended: [] };
  const now = withRootFacts(root, await reads.rootFacts());
  const ids = new Set(evaluator.evaluateRoot(now).map(({ id }) => id));
  const isMended = ({ id, rule, status }: Finding) => status === 'fail' && isConfirmable(rule) && !ids.has(id);
  return { changed: { root: now }, mended: found.filter(isMended) };
}

async function confirmUsers(observation: Observation, evaluator: Evaluator, { reads, shown }: Confirming) {
  const names = new Set(usersToConfirm(observation, evaluator, shown));
  if (names.size === 0) return { observation, unconfirmed: [] };
  const read = await reads.users();
  if (!read.ok) {
    const users =
      names.size === 1 ? 'one user with findings still exists' : `${names.size} users with findings still exist`;
    return { observation, unconfirmed: [`whether ${users}: ${read.problem.message}`] };
  }
  const find = byName(read.value);
  const unlisted: string[] = [];
  const confirmed = mapUsers(observation, (user) => {
    const { name } = user.principal;
    if (!names.has(name)) return user;
    const [listed, isThere] = [find(name), isShown(user, observation, shown)];
    if (listed === undefined && isThere) unlisted.push(name);
    return asListed(user, listed, observation.report, isThere);
  });
  return { observation: confirmed, unconfirmed: describeUnlisted(unlisted) };
}
