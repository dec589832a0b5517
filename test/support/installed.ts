/** An account in which keysweep is installed, as far as the command line sees it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Installation, installationRole, installationsPath } from '../../core/installation/installation.ts';
import type { RoleSeed, Sandbox } from '../../sandbox/index.ts';
import { createLedgerTable } from './ledger-table.ts';
import { address } from './listeners.ts';
import { account } from './sweep-world.ts';

/** Not the region of the callers: IAM is global, and people sign in anywhere. */
export const installedRegion = 'eu-central-1';

export const installedTable = 'Keysweep-CredentialHygieneLedger84CAF86A-1ABCDEF';

/** The role that marks the installation, as the stack creates it. */
export const installationMark: RoleSeed = {
  name: installationRole,
  trust: { accounts: [] },
  policies: {
    ledger: {
      Statement: [
        {
          Effect: 'Deny',
          Action: 'dynamodb:DeleteTable',
          Resource: `arn:aws:dynamodb:${installedRegion}:${account}:table/${installedTable}`,
        },
      ],
    },
  },
};

const topicArn = (name: string) => `arn:aws:sns:${installedRegion}:${account}:${name}`;

/** What the stack writes about itself. */
export function installationOf(fields: Partial<Installation> = {}): Installation {
  return {
    schema: 'keysweep/installation/v1',
    stack: 'Keysweep',
    account,
    region: installedRegion,
    ledger: installedTable,
    topicArn: topicArn('digests'),
    alertTopicArn: topicArn('alerts'),
    alarmTopicArn: topicArn('alarms'),
    eventBus: 'default',
    ...fields,
  };
}

/** Writes the parameter of an installation. */
export function putInstallation(
  { parameters }: Sandbox,
  fields: Partial<Installation> = {},
  name = fields.stack,
): void {
  const value = JSON.stringify(installationOf(fields));
  parameters.put(installedRegion, `${installationsPath}/${name ?? 'Keysweep'}`, value);
}

/** Makes table, topics and parameter of an installation; one address gets what the topics get. */
export async function install(sandbox: Sandbox, fields: Partial<Installation> = {}): Promise<void> {
  const { url: endpoint, credentials, topics } = sandbox;
  const client = new DynamoDBClient({ endpoint, region: installedRegion, credentials });
  await createLedgerTable(client, installedTable);
  client.destroy();
  for (const name of ['digests', 'alerts', 'alarms']) {
    topics.subscribe(topics.create(name, installedRegion), 'email', address, { confirmed: true });
  }
  putInstallation(sandbox, fields);
}
