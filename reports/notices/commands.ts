/** The commands in messages: pasted as they stand, they look where the sweep looked. */
import { accessKey } from '../../core/kinds/access-key.ts';
import type { RetirableRef } from '../../core/lifecycle/ledger.ts';
import { partitionFacts } from '../../core/partitions.ts';
import { inShell } from '../shell-word.ts';

/** The options that name its places, as they are typed in a shell. */
export interface CommandOptions {
  /** `--ledger dynamodb:TABLE`: without it a command uses the installation in the account. */
  readonly ledger: string;
  /** `--topic-arn ARN --event-bus BUS`: for commands that notify people, and send events, about what they do. */
  readonly notices?: string;
}

/** Stands in a command for the id of a key that its reader has in mind. */
export const anyKeyId = 'KEY_ID';

/** Stands in a command for the user of such a key. */
export const anyUser = 'USER_NAME';

/** Reactivates a key, and records it. `WHY` is for its reader to fill in. */
export function restoreCommand(accessKeyId: string, options?: CommandOptions): string {
  return commandOf('keysweep restore', shellSafe(accessKeyId), '--why WHY', options?.ledger, options?.notices);
}

/** Whose credential, and where. */
export interface CredentialOfUser {
  readonly userName: string;
  readonly credential: RetirableRef;
  readonly partition: string;
}

/** What names of IAM users consist of. Source: IAM API reference, `UserName`. */
const userNames = /^[\w+=,.@-]+$/;

/**
 * Reactivates a key with the AWS CLI alone; the ledger learns of it in the next sweep. Undefined for a kind without such a
 * command, and for an id or a name that AWS never gives: it is not shown as part of a command.
 */
export function reactivateCommand({ userName, credential, partition }: CredentialOfUser): string | undefined {
  const { kind, id } = credential;
  if (kind !== accessKey.kind || !/^\w+$/.test(id) || !userNames.test(userName)) return undefined;
  // The AWS CLI takes a word that begins with a hyphen for an option.
  const user = userName.startsWith('-') ? `--user-name=${userName}` : `--user-name ${inShell(userName)}`;
  const region = partitionFacts(partition).iamRegion;
  const elsewhere = region === undefined || partition === 'aws' ? undefined : `--region ${region}`;
  return commandOf('aws iam update-access-key', user, `--access-key-id ${id}`, '--status Active', elsewhere);
}

/** Tells the details of a key. */
export function explainCommand(accessKeyId: string, options?: CommandOptions): string {
  return commandOf('keysweep explain', shellSafe(accessKeyId), options?.ledger);
}

/** Shows what the next sweep would do. */
export function planCommand(options?: CommandOptions): string {
  return commandOf('keysweep plan', options?.ledger);
}

function commandOf(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Ids come from AWS; what is not safe to paste into a shell is not shown as part of a command. */
function shellSafe(id: string): string {
  return /^\w+$/.test(id) ? id : anyKeyId;
}
