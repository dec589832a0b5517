/**
 * The roles of the template against what the handlers really call: everything that is called is allowed, on the resource
 * that it is called on, and nothing else is. A policy simulator decides.
 */
import type { Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import type { Mode } from '../../core/policy/policy.ts';
import { handler as forwarder } from '../../lambda/forwarder/index.ts';
import { type ApiCall, apiCalls } from '../support/api-calls.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { connectSandbox } from '../support/aws-sandbox.ts';
import { bucket } from '../support/deployed-service.ts';
import { openSubscriber } from '../support/http-subscriber.ts';
import { allowedIamActions, allows, privilegeGaps } from '../support/privileges.ts';
import { recordCalls } from '../support/recorded-nights.ts';
import { openSecretsManager } from '../support/secrets-manager.ts';
import { type RoleStatement, roleStatements } from '../support/template-roles.ts';
import { policyWith, templateOf } from './synth.ts';

// Before the handlers make their loggers: they write to standard output.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});
useAwsConfig();
// The first test of each mode records its nights.
vi.setConfig({ testTimeout: 120_000 });

const region = 'us-east-1';
const account = '111122223333';
const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;

/** What the references of the template are in the sandbox. */
const names: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::URLSuffix': 'amazonaws.com',
  AlertTopic: arn('sns', 'alerts'),
  DigestTopic: arn('sns', 'digests'),
  Ledger: arn('dynamodb', 'table/keysweep-ledger'),
  Archive: `arn:aws:s3:::${bucket}`,
};

function words(logicalId: string): string {
  const name = logicalId.replace(/^CredentialHygiene(.+)[0-9A-F]{8}$/, '$1');
  if (name.endsWith('Logs')) return arn('logs', `log-group:${name}:*`);
  if (name.endsWith('DeadLetters')) return arn('sqs', name);
  const found = names[name];
  if (found === undefined) throw new Error(`no one has said what ${name} is`);
  return found;
}

const roleIds = {
  auditor: 'CredentialHygieneAuditorRoleFB2D4206',
  rotator: 'CredentialHygieneRotatorRoleF8E1D78C',
} as const;
type Name = keyof typeof roleIds;
const forwarderRoleId = 'CredentialHygieneSlackForwarderRole13090809';
const secret = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:keysweep-slack-AbCdEf';

/** What Lambda does with the role of a function, whatever its code does. Source: the Lambda developer guide. */
function lambdaCalls(construct: 'Auditor' | 'Rotator' | 'SlackForwarder'): ApiCall[] {
  const stream = arn('logs', `log-group:${construct}Logs:log-stream:2026/11/02/[$LATEST]0`);
  return [
    { action: 'logs:CreateLogStream', resource: stream, context: {} },
    { action: 'logs:PutLogEvents', resource: stream, context: {} },
    { action: 'sqs:SendMessage', resource: arn('sqs', `${construct}DeadLetters`), context: {} },
    { action: 'xray:PutTraceSegments', resource: '*', context: {} },
    { action: 'xray:PutTelemetryRecords', resource: '*', context: {} },
  ];
}

const modes = ['audit', 'warn', 'enforce'] as const;
const writes = ['iam:DeleteAccessKey', 'iam:UpdateAccessKey'];

interface Deployed {
  readonly calls: readonly ApiCall[];
  readonly statements: readonly RoleStatement[];
}

const deployed = new Map<Mode, Promise<Readonly<Record<Name, Deployed>>>>();

/** Recorded by the first test that asks. */
async function inMode(mode: Mode, name: Name): Promise<Deployed> {
  const made = deployed.get(mode) ?? deploy(mode);
  deployed.set(mode, made);
  return (await made)[name];
}

async function deploy(mode: Mode): Promise<Readonly<Record<Name, Deployed>>> {
  const template = templateOf({ ...policyWith({ noRecipients: 'accepted' }), mode });
  const recorded = await recordCalls(mode);
  const of = (name: Name): Deployed => ({
    calls: [...recorded[name], ...lambdaCalls(name === 'auditor' ? 'Auditor' : 'Rotator')],
    statements: roleStatements(template, roleIds[name], words),
  });
  return { auditor: of('auditor'), rotator: of('rotator') };
}

const cases = modes.flatMap((mode) => (['auditor', 'rotator'] as const).map((name) => ({ mode, name })));

describe.each(cases)('the $name in mode $mode', ({ mode, name }) => {
  it('may do what it does, and nothing else', async () => {
    const { statements, calls } = await inMode(mode, name);
    expect(await privilegeGaps(statements, calls)).toEqual({ refused: [], unneeded: [] });
  });

  it('may do, of all actions of IAM, those that it does', async () => {
    const { statements, calls } = await inMode(mode, name);
    const called = new Set(calls.map(({ action }) => action).filter((action) => action.startsWith('iam:')));
    expect(await allowedIamActions(statements)).toEqual([...called].toSorted());
  });

  it('writes to IAM only as the rotator, and only in mode enforce', async () => {
    const { statements, calls } = await inMode(mode, name);
    const expected = mode === 'enforce' && name === 'rotator' ? writes : [];
    const called = [...new Set(calls.map(({ action }) => action))].filter((action) => writes.includes(action));
    expect(called.toSorted()).toEqual(expected);
    const allowed = await Promise.all(
      writes.map((action) => allows(statements, { action, resource: `arn:aws:iam::${account}:user/a`, context: {} })),
    );
    expect(writes.filter((_, index) => allowed[index])).toEqual(expected);
  });
});

describe('the forwarder', () => {
  it('may do what it does, and nothing else', async () => {
    const slack = await openSubscriber();
    const secrets = await openSecretsManager(slack.url);
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', secrets.url);
    vi.stubEnv('AWS_REGION', region);
    vi.stubEnv('KEYSWEEP_SLACK_WEBHOOK_SECRET', secret);
    const { sandbox } = await connectSandbox({ sandbox: {} });
    sandbox.buckets.create(bucket);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', sandbox.url);
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sandbox.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', sandbox.credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', sandbox.credentials.secretAccessKey);
    vi.stubEnv('AWS_SESSION_TOKEN', sandbox.credentials.sessionToken);
    vi.stubEnv('KEYSWEEP_BUCKET', bucket);
    const event = { Records: [{ Sns: { MessageId: '1', Subject: 'keysweep', Message: 'hello' } }] };
    const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 } as unknown as Context;
    expect(await forwarder(event, context)).toEqual({ forwarded: 1 });
    expect(slack.received).toHaveLength(1);

    const template = templateOf(policyWith({ slackWebhookSecret: secret }));
    const statements = roleStatements(template, forwarderRoleId, words);
    const calls = [...secrets.calls, ...apiCalls(sandbox, sandbox.requests), ...lambdaCalls('SlackForwarder')];
    expect(await privilegeGaps(statements, calls)).toEqual({ refused: [], unneeded: [] });
    expect(await allowedIamActions(statements)).toEqual([]);
    const another = secret.replace('slack', 'other');
    const reading = { action: 'secretsmanager:GetSecretValue', resource: another, context: {} };
    expect(await allows(statements, reading)).toBe(false);
  });
});

describe('the proof', () => {
  it.each(cases)('notices each action that is taken from the $name in mode $mode', async ({ mode, name }) => {
    const { statements, calls } = await inMode(mode, name);
    for (const { Action } of statements) {
      for (const taken of [Action].flat()) {
        const fewer = statements.flatMap((one) => {
          const others = [one.Action].flat().filter((action) => action !== taken);
          return others.length === 0 ? [] : [{ ...one, Action: others }];
        });
        const { refused } = await privilegeGaps(fewer, calls);
        expect(refused.map((text) => text.split(' on ')[0])).toContain(taken);
      }
    }
  });

  it.each([
    ['iam:CreateAccessKey', `arn:aws:iam::${account}:user/*`],
    ['iam:UpdateLoginProfile', '*'],
    ['iam:*', '*'],
    ['s3:DeleteObject', `arn:aws:s3:::${bucket}/*`],
    ['s3:PutObject', `arn:aws:s3:::${bucket}/other/*`],
    ['dynamodb:DeleteItem', arn('dynamodb', 'table/keysweep-ledger')],
    ['kms:Decrypt', '*'],
  ])('notices %s on %s that is given to a role', async (Action, Resource) => {
    for (const { mode, name } of cases) {
      const { statements, calls } = await inMode(mode, name);
      const more = [...statements, { Effect: 'Allow', Action, Resource }];
      expect((await privilegeGaps(more, calls)).unneeded).toEqual([`${Action} on ${Resource}`]);
    }
  });
});

describe('elsewhere', () => {
  const object = (key: string) => `arn:aws:s3:::${bucket}/${key}`;
  const asKeysweep = { 'events:source': ['keysweep'], 'events:detail-type': ['Audit Completed'] };
  const bus = arn('events', 'event-bus/default');

  it.each<[Name, string, string, ApiCall['context']]>([
    ['auditor', 'sns:Publish', arn('sns', 'alarms'), {}],
    ['auditor', 'iam:ListEntitiesForPolicy', `arn:aws:iam::${account}:policy/own`, {}],
    ['auditor', 'iam:ListEntitiesForPolicy', 'arn:aws:iam::aws:policy/AdministratorAccess', {}],
    ['auditor', 's3:GetObject', object('snapshots/111122223333/a.json'), {}],
    ['auditor', 's3:GetObject', object('reports/111122223333/a.json'), {}],
    ['auditor', 's3:PutObject', object('other/a.json'), {}],
    ['auditor', 's3:PutObject', 'arn:aws:s3:::another/snapshots/a.json', {}],
    ['auditor', 'events:PutEvents', bus, { ...asKeysweep, 'events:source': ['keysweep', 'aws.iam'] }],
    ['auditor', 'events:PutEvents', bus, { ...asKeysweep, 'events:detail-type': ['Credential Deleted'] }],
    // Nothing at all is no event of keysweep's.
    ['auditor', 'events:PutEvents', bus, {}],
    ['auditor', 'events:PutEvents', arn('events', 'event-bus/another'), asKeysweep],
    ['auditor', 'dynamodb:PutItem', arn('dynamodb', 'table/keysweep-ledger'), {}],
    ['rotator', 'sns:Publish', arn('sns', 'alerts'), {}],
    ['rotator', 's3:GetObject', object('reports/111122223333/a.json'), {}],
    ['rotator', 's3:GetObject', object('findings/111122223333.json'), {}],
    ['rotator', 's3:PutObject', object('findings/111122223333.json'), {}],
    ['rotator', 's3:PutObject', object('snapshots/111122223333/a.json'), {}],
    // Permission to put that event starts sweeps.
    ['rotator', 'events:PutEvents', bus, asKeysweep],
    ['rotator', 'dynamodb:PutItem', arn('dynamodb', 'table/another'), {}],
    ['rotator', 'dynamodb:DeleteItem', arn('dynamodb', 'table/keysweep-ledger'), {}],
    ['rotator', 'iam:UpdateAccessKey', 'arn:aws:iam::999988887777:user/alice', {}],
    ['rotator', 'iam:GenerateCredentialReport', '*', {}],
  ])('the %s may not %s on %s %j', async (name, action, resource, context) => {
    for (const mode of modes) {
      expect(await allows((await inMode(mode, name)).statements, { action, resource, context })).toBe(false);
    }
  });
});
