/** Makes IAM reactivate a key, and makes sure that it did. */
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

/** To set a key Active twice is harmless: whoever asked for it wants it on, whatever became of an attempt. */
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
 * Waits before each look at the key, in milliseconds. In all they are longer than an answer of IAM is waited for: a change
 * that a sweep had sent before it could see the restoration has taken effect by then, or never will.
 */
const waits: readonly Duration[] = [1, 2, 4, 10].map((seconds) => seconds * SECOND);

/**
 * Looks whether the key is there and Active a moment later: IAM is written asynchronously, and a change that a sweep had
 * sent already may come after. What deactivates it once more is undone.
 *
 * @param begun what a sweep has begun to do to the key; nothing, and one look is enough
 * @returns what a person should know, where it could not be looked at
 * @throws KeysweepError RestoreTooLate where it no longer exists, RestoreFailed where it will not stay on
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
  if (liveStatus.kind === 'unknown') return `no one could look whether ${id} is really on: ${liveStatus.why}`;
  if (liveStatus.kind === 'seen' && liveStatus.status === 'Active') return undefined;
  throw new KeysweepError('RestoreFailed', `${id} was reactivated, and IAM still shows it as not active`, {
    hint: 'Something else may deactivate it again. Look at its status, and at CloudTrail, before you rely on it.',
  });
}

/** The key no longer exists: a sweep was faster. */
export function tooLate({ credential, principal }: CredentialState, begun: BegunChange | undefined): KeysweepError {
  const how =
    begun?.action === 'delete' ? 'a sweep had sent its deletion before it could be stopped' : 'it was deleted';
  return new KeysweepError('RestoreTooLate', `${credential.id} of ${principal.name} is gone: ${how}`, {
    hint: 'AWS cannot bring it back. Create a new key, or better a role, and change what used the old one.',
  });
}
