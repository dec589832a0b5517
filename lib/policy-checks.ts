import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { KeysweepError } from '../core/error.ts';
import { keyUses, statementsAsText } from '../core/key-policy/uses.ts';
import { contradictions, misplaced } from '../core/policy/deployment-places.ts';
import type { Deployment, Policy } from '../core/policy/policy.ts';
import { policyRemarks } from '../core/policy/remarks.ts';
import { partitionOf } from './partition.ts';

/**
 * What can be known of a policy at synth, without an account.
 *
 * @throws KeysweepError RecipientsMissing, PlaceMismatch: what could only fail later, or never work
 */
export function checkPolicy(scope: Construct, policy: Policy): void {
  requireRecipients(scope, policy);
  requirePlaces(scope, policy.deployment);
  warnAboutStackName(scope, policy.deployment);
  showKeyPolicy(scope, policy.deployment);
  // A match that no user can ever fit was refused on loading.
  for (const { kind, text } of policyRemarks(policy, new Date())) {
    Annotations.of(scope).addWarningV2(`keysweep:policy:${kind}`, text);
  }
}

/** In mode warn or enforce, a deployment without a recipient would never do anything: that must be deliberate. */
function requireRecipients(scope: Construct, { mode, deployment }: Policy): void {
  const { email, slack, slackConfiguration, slackWebhookSecret, noRecipients } = deployment;
  if (email.length > 0 || [slack, slackConfiguration, slackWebhookSecret].some((one) => one !== undefined)) return;
  if (mode !== 'audit' && noRecipients !== 'accepted') {
    throw new KeysweepError('RecipientsMissing', `mode is ${mode}, but the deployment names no recipient`, {
      hint: 'List addresses under deployment.email in keysweep.yaml, or name a Slack channel there: until a notice reaches people, no clock starts and nothing is changed. If you subscribe channels in another way, set deployment: { noRecipients: accepted }',
    });
  }
  Annotations.of(scope).addWarningV2(
    'keysweep:noRecipients',
    'no one is subscribed to the alerts: list addresses under deployment.email in keysweep.yaml, name a Slack channel there, or subscribe an endpoint to the topics',
  );
}

/** A key or a secret elsewhere would fail in the middle of the deployment, or silence keysweep after it. */
function requirePlaces(scope: Construct, deployment: Deployment): void {
  const { region, account } = Stack.of(scope);
  const partition = partitionOf(scope);
  const elsewhere = misplaced(deployment, {
    ...(partition === undefined ? {} : { partition }),
    ...(Token.isUnresolved(region) ? {} : { region }),
    ...(Token.isUnresolved(account) ? {} : { account }),
  });
  const fatal = [...elsewhere.filter(({ isFatal }) => isFatal).map(({ text }) => text), ...contradictions(deployment)];
  if (fatal.length > 0) {
    throw new KeysweepError('PlaceMismatch', fatal.join('\n'), {
      hint: 'Name a resource in the region and account of the stack in keysweep.yaml, or deploy with the credentials and region of that resource (--profile, AWS_REGION).',
    });
  }
  for (const { setting, text } of elsewhere) {
    Annotations.of(scope).addWarningV2(
      `keysweep:place:${setting}`,
      `${text}: its policy must allow the roles and services of this account, and some services refuse a key of another account`,
    );
  }
}

/** Only the stack of bin/app.ts takes its name from the policy. */
function warnAboutStackName(scope: Construct, { stackName }: Deployment): void {
  const own = Stack.of(scope).stackName;
  if (stackName === undefined || stackName === own) return;
  Annotations.of(scope).addWarningV2(
    'keysweep:stackName',
    `deployment.stackName is ${stackName}, but the stack is ${own}: the setting has no effect here; give the stack its name where it is created`,
  );
}

/** At synth, and not as an output: the deployment fails at the log groups if the policy of the key is not right before it. */
function showKeyPolicy(scope: Construct, { encryptionKey, slackWebhookSecret }: Deployment): void {
  if (encryptionKey === undefined) return;
  const { account } = Stack.of(scope);
  const [, , , , ownerOfKey = ''] = encryptionKey.split(':');
  const uses = keyUses({
    keyArn: encryptionKey,
    account: Token.isUnresolved(account) ? ownerOfKey : account,
    forwarder: slackWebhookSecret !== undefined,
  });
  Annotations.of(scope).addInfoV2(
    'keysweep:keyPolicy',
    `the policy of ${encryptionKey} must have these statements, or alerts, digests, alarms and dead letters are lost; check it with keysweep channels:\n${statementsAsText(uses)}`,
  );
}
