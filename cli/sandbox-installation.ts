/**
 * What a deployment of keysweep leaves in an account, as far as the command line looks for it: so that commands in the
 * sandbox find ledger and topics without options, as they do where keysweep is deployed.
 */
import {
  type Installation,
  installationLedgerPolicy,
  installationRole,
  installationsPath,
} from '../core/installation/installation.ts';
import { ledgerTable } from '../core/lifecycle/ledger-table.ts';
import type { AccountSeed, RoleSeed, Sandbox } from '../sandbox/index.ts';

const stack = 'Keysweep';
const table = 'keysweep-ledger';
/** Gets every message: without someone who reads them, a sweep changes nothing. */
const reader = 'security@example.com';

/** The account with the role that marks the installation. @param region of the sandbox */
export function withInstallationMark(seed: AccountSeed, region: string): AccountSeed {
  const { id, partition = 'aws', roles = [] } = seed;
  const Resource = `arn:${partition}:dynamodb:${region}:${id}:table/${table}`;
  const document = { Statement: [{ Effect: 'Deny', Action: 'dynamodb:DeleteTable', Resource }] };
  const mark: RoleSeed = { name: installationRole, trust: {}, policies: { [installationLedgerPolicy]: document } };
  return { ...seed, roles: [...roles.filter(({ name }) => name !== installationRole), mark] };
}

/** Makes the table, the topics with a subscriber, and the parameter that names them. */
export function installIn({ account: { id: account }, region, tables, topics, parameters }: Sandbox): void {
  const { partitionKey, sortKey } = ledgerTable;
  tables.create(region, { name: table, partitionKey, sortKey });
  const topicOf = (name: string) => {
    const topic = topics.create(name, region);
    if (topic.subscriptions.length === 0) topics.subscribe(topic, 'email', reader, { confirmed: true });
    return topic.arn;
  };
  const facts: Installation = {
    schema: 'keysweep/installation/v1',
    stack,
    account,
    region,
    ledger: table,
    topicArn: topicOf('keysweep-digests'),
    alertTopicArn: topicOf('keysweep-alerts'),
    alarmTopicArn: topicOf('keysweep-alarms'),
    eventBus: 'default',
  };
  parameters.put(region, `${installationsPath}/${stack}`, JSON.stringify(facts));
}
