/** Names and facts of an installation of keysweep in an account, shared by the construct and the command line. */

/**
 * IAM is global and its names are unique within an account, so a second installation fails here, in any region: neither
 * would know of the other's notices, restorations and caps. No one can assume the role.
 */
export const installationRole = 'keysweep-installation';

/** The role's inline policy that names the table of the ledger. It allows nothing. */
export const installationLedgerPolicy = 'ledger';

/** Where Systems Manager has the parameter of an installation, in its region: `/keysweep/installations/STACK`. */
export const installationsPath = '/keysweep/installations';

/** The value of that parameter, as JSON: what the command line works with if it is not told otherwise. No secrets. */
export interface Installation {
  readonly schema: 'keysweep/installation/v1';
  /** Name of the stack. */
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** Name of the table with the ledger. */
  readonly ledger: string;
  /** Of digests, and of what `keysweep restore` sends. */
  readonly topicArn: string;
  readonly alertTopicArn: string;
  readonly alarmTopicArn: string;
  /** Name of the bus that gets the events, in this account and region; see {@link busOf}. */
  readonly eventBus: string;
  /** The function that posts to Slack, if there is one. */
  readonly forwarderArn?: string;
}

/** What the role {@link installationRole} says of the installation, whatever the region. */
export interface InstallationMark {
  readonly account: string;
  readonly region: string;
  /** Name of the table with the ledger. */
  readonly table: string;
}

/**
 * ARN of the bus of an installation: a name alone would stand for the bus of the caller's region.
 *
 * @param partition of the installation's account
 */
export function busOf({ region, account, eventBus }: Installation, partition: string): string {
  return `arn:${partition}:events:${region}:${account}:event-bus/${eventBus}`;
}

/** `--ledger dynamodb:TABLE --region REGION`. */
export function optionsOfMark({ table, region }: InstallationMark): string {
  return `--ledger dynamodb:${table} --region ${region}`;
}
