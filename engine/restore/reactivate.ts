/** Reactivates a key in IAM, and confirms it. */
import { SECOND } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import type { BegunChange } from '../../core/lifecycle/ledger.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import type { Duration } from '../../core/model.ts';
import type { CredentialActions, WriteOutcome } from '../../core/ports.ts';
import { recheck } from '../recheck.ts';
import { isTransient, retry } from '../retry.ts';
import type { SweepPorts } from '../sweep/ports.ts';

type Ports = Pick<SweepPorts, 'source' | 'timing'>;

/** Setting a key Active twice is harmless, so every failed attempt may be retried. */
export function reactivate(
  { timing }: Ports,
  actions: CredentialActions,
  { principal, credential }: CredentialState,
): Promise<WriteOutcome> {
  return retry(
    { timing, hasTime: () => true },
    () => actions.setStatus(principal.name, credential, 'Active'),
    (outcome) => outcome.kind === 'failed' && isTransient(outcome.problem),
  );
}

/**
 * Waits before each check of the key, in milliseconds. Together they are longer than the time-out of a request to IAM: a
 * change that a sweep sent before it could see the restoration has taken effect by then, or never will.
 */
const waits: readonly Duration[] = [1, 2, 4, 10].map((seconds) => seconds * SECOND);

/**
 * Checks that the key exists and is Active a moment later: writes to IAM are asynchronous, and a change that a sweep had
 * already sent may take effect afterward. If it is deactivated again, that is undone.
 *
 * @param begun a change that a sweep has begun; without one, a single check is enough
 * @returns what a person should know, if it could not be checked
 * @throws KeysweepError RestoreTooLate if it no longer exists, RestoreFailed if it does not stay active
 */
export async function confirmActive(
  ports: Ports,
  actions: CredentialActions,
  state: CredentialState,
  begun: BegunChange | 'unknown' | undefined,
): Promise<string | undefined> {
  const { source, timing } = ports;
  let { liveStatus } = state;
  for (const wait of waits) {
    await timing.sleep(wait);
    ({ liveStatus } = await recheck(source, state, 'known'));
    if (liveStatus.kind === 'not-found') throw tooLate(state, begun === 'unknown' ? undefined : begun);
    if (liveStatus.kind === 'seen' && liveStatus.status !== 'Active') await reactivate(ports, actions, state);
    else if (liveStatus.kind === 'seen' && begun === undefined) return undefined;
  }
  const { id } = state.credential;
  if (liveStatus.kind === 'unknown') return `could not confirm that ${id} is active: ${liveStatus.why}`;
  if (liveStatus.kind === 'seen' && liveStatus.status === 'Active') return undefined;
  throw new KeysweepError('RestoreFailed', `${id} was reactivated, but IAM does not show it as active`, {
    hint: 'Something else may be deactivating it. Check its status and CloudTrail before you rely on it.',
  });
}

/** The key no longer exists: it was deleted before it could be restored. */
export function tooLate({ credential, principal }: CredentialState, begun: BegunChange | undefined): KeysweepError {
  const how =
    begun?.action === 'delete' ? 'a sweep had sent its deletion before it could be stopped' : 'it was deleted';
  return new KeysweepError('RestoreTooLate', `${credential.id} of ${principal.name} no longer exists in IAM: ${how}`, {
    hint: 'AWS cannot restore it. Create a new key or, better, use a role, and update whatever used the old key.',
  });
}
