/** What a first deployment that fails leaves behind: as little as CloudFormation allows. */
import { expect, it } from 'vitest';
import { readPage } from '../support/doc-page.ts';
import { policyWith, secret, templateOf } from './synth.ts';

const slack = { workspace: 'T0123456789', channel: 'C0123456789' };

interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: unknown;
}

const resources: Readonly<Record<string, Resource>> = templateOf(
  policyWith({ email: ['a@example.com'], slack, slackWebhookSecret: secret }),
).toJSON().Resources;
const [ledgerId = ''] = idsOf('AWS::DynamoDB::Table');

function idsOf(type: string): readonly string[] {
  return Object.entries(resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
}

/** Everything that CloudFormation creates before a resource. */
function before(id: string, seen = new Set<string>()): ReadonlySet<string> {
  const { DependsOn = [], Properties } = resources[id] ?? {};
  const references = [...JSON.stringify(Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(
    ([, name = '']) => name,
  );
  for (const one of [...DependsOn, ...references]) {
    if (!(one in resources) || seen.has(one)) continue;
    seen.add(one);
    before(one, seen);
  }
  return seen;
}

it('what outlives the stack does not outlive the deployment that failed to create it', () => {
  const lasting = Object.values(resources).filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');
  expect(lasting.map(({ Type }) => Type).toSorted()).toEqual([
    'AWS::DynamoDB::Table',
    'AWS::Logs::LogGroup',
    'AWS::Logs::LogGroup',
    'AWS::Logs::LogGroup',
    'AWS::S3::Bucket',
  ]);
  for (const { DeletionPolicy, UpdateReplacePolicy } of lasting) {
    expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  }
});

it('the ledger, which deletion protection keeps, comes after what most often fails', () => {
  const first = before(ledgerId);
  const most = ['AWS::Chatbot::SlackChannelConfiguration', 'AWS::SNS::Subscription', 'AWS::Scheduler::Schedule'];
  for (const id of most.flatMap(idsOf)) expect(first).toContain(id);
  expect(first).not.toContain(ledgerId);
});

/** What the pages call a resource that outlives the stack, and the command that deletes it. */
const cleared: Readonly<Record<string, readonly [name: string, command: string]>> = {
  'AWS::DynamoDB::Table': ['table', 'aws dynamodb delete-table '],
  'AWS::S3::Bucket': ['bucket', 'aws s3api delete-bucket '],
  'AWS::Logs::LogGroup': ['log groups', 'aws logs delete-log-group '],
};

function section(title: string): string {
  return (
    readPage('docs/operations.md')
      .split(`\n${title}\n`)[1]
      ?.split(/^#{2,3} /m)[0] ?? ''
  );
}

it('the runbook says how to delete each kind of it: what the ledger comes after stays when the ledger does', () => {
  const lasts = (id: string) => (resources[id]?.DeletionPolicy ?? 'Delete') !== 'Delete';
  const types = [ledgerId, ...[...before(ledgerId)].filter(lasts)].map((id) => resources[id]?.Type ?? '');
  expect(new Set(types)).toEqual(new Set(Object.keys(cleared)));
  for (const type of types) expect(section('### If the first deployment fails')).toContain(cleared[type]?.[1]);
});

it('so it does for an uninstalled stack, which leaves all of it', () => {
  const lasting = Object.values(resources).filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');
  const text = section('## Uninstall, and keep the evidence');
  const [kept, deleted] = text.split('To delete the evidence for good:');
  for (const { Type } of lasting) {
    const [name = Type] = cleared[Type] ?? [];
    expect(kept).toContain(name);
    expect(deleted).toContain(name);
  }
});
