/** The commands in messages: pasted as they stand, they look where the sweep looked. */

/** The options that name its places, as they are typed in a shell. */
export interface CommandOptions {
  /** `--ledger dynamodb:TABLE`: without it a command uses the installation in the account. */
  readonly ledger: string;
  /** `--topic-arn ARN --event-bus BUS`: for commands that notify people, and send events, about what they do. */
  readonly notices?: string;
}

/** Stands in a command for the id of a key that its reader has in mind. */
export const anyKeyId = 'KEY_ID';

/** Reactivates a key. `WHY` is for its reader to fill in. */
export function restoreCommand(accessKeyId: string, options?: CommandOptions): string {
  return commandOf('keysweep restore', shellSafe(accessKeyId), '--why WHY', options?.ledger, options?.notices);
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
