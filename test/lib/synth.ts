/** Synthesis for tests: the constructs under the feature flags of cdk.json, as `cdk synth` would build them. */
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Deployment, Policy } from '../../core/policy/policy.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Feature flags of the product's own CDK app. */
export const featureFlags: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
).context;

/** An app that leaves out what is slow and looked at elsewhere: bundling and the template validation engine. */
export function quickApp(context = featureFlags): App {
  return new App({
    outdir: temporaryDirectory('synth'),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
  });
}

/** ARN of a secret as `deployment.slackWebhookSecret` wants it. */
export const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep-slack-AbCdEf';

/** The default policy with other settings for the deployment. */
export function policyWith(deployment: Partial<Deployment>): Policy {
  return { ...defaultPolicy, deployment: { ...defaultPolicy.deployment, ...deployment } };
}

export function templateOf(policy: Policy): Template {
  return Template.fromStack(new KeysweepStack(quickApp(), 'Keysweep', { policy }));
}
