import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { installationRole, installationsPath } from '../../core/installation/installation.ts';
import { keyUses } from '../../core/key-policy/uses.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import type { Mode } from '../../core/policy/policy.ts';
import { audit } from '../../engine/audit/audit.ts';
import { policyWith, templateOf } from '../lib/synth.ts';
import { type ApiCall, apiCalls } from '../support/api-calls.ts';
import { withSandbox } from '../support/aws-sandbox.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { expectSamples, fenced, namesInTables } from '../support/doc-page.ts';
import { createLedgerTable } from '../support/ledger-table.ts';
import { listenTo } from '../support/listeners.ts';
import { privilegeGaps } from '../support/privileges.ts';
import { staleKey } from '../support/sweep-world.ts';
import { type RoleStatement, roleStatements, type Words } from '../support/template-roles.ts';

const page = 'docs/permissions.md';

/** References as in CloudFormation's Fn::Sub, by a logical id without the construct's name and the hash. */
const inSub: Words = (logicalId, attribute) => {
  const name = logicalId.replace(/^CredentialHygiene(.+)[0-9A-F]{8}$/, '$1');
  return attribute === undefined ? `\${${name}}` : `\${${name}.${attribute}}`;
};

/** For anyone who copies the policy: any account of the commercial partition, and names to be replaced. */
const inAnyAccount: Words = (logicalId, attribute) => {
  const known: Readonly<Record<string, string>> = {
    '${AWS::Partition}': 'aws',
    '${AWS::Region}': '*',
    '${AWS::AccountId}': '*',
    '${Ledger.Arn}': 'arn:aws:dynamodb:*:*:table/keysweep-ledger',
    '${DigestTopic}': 'arn:aws:sns:*:*:keysweep-digests',
  };
  const name = inSub(logicalId, attribute);
  return known[name] ?? name;
};

const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep-slack-AbCdEf';
const slack = { workspace: 'T0123456789', channel: 'C0123456789' };
const template = templateOf(policyWith({ slack, slackWebhookSecret: secret }));
const inMode = (mode: Mode) => templateOf({ ...policyWith({ noRecipients: 'accepted' }), mode });

const auditorRole = 'CredentialHygieneAuditorRoleFB2D4206';
const rotatorRole = 'CredentialHygieneRotatorRoleF8E1D78C';
const auditor = roleStatements(template, auditorRole, inSub);
const rotator = (mode: Mode) => roleStatements(inMode(mode), rotatorRole, inSub);
const forwarder = roleStatements(template, 'CredentialHygieneSlackForwarderRole13090809', inSub);
const slackChannel = roleStatements(template, 'CredentialHygieneSlackChannelRole77012FCE', inSub);
const scheduler = roleStatements(template, 'CredentialHygieneScheduleRole08044501', inSub);

/** Those of a role that the command line needs as well: of these services, and not twice. */
function forCommands(roleId: string, mode: Mode, services: readonly string[], except: readonly string[] = []) {
  return roleStatements(inMode(mode), roleId, inAnyAccount).filter(({ Sid = '', Action }) => {
    return [Action].flat().every((action) => services.includes(action.split(':')[0] ?? '')) && !except.includes(Sid);
  });
}

const forInstallation: readonly RoleStatement[] = [
  {
    Sid: 'FindInstallation',
    Effect: 'Allow',
    Action: 'iam:GetRolePolicy',
    Resource: `arn:aws:iam::*:role/${installationRole}`,
  },
  {
    Sid: 'ReadInstallation',
    Effect: 'Allow',
    Action: 'ssm:GetParametersByPath',
    Resource: `arn:aws:ssm:*:*:parameter${installationsPath}*`,
  },
];
const forAudit = forCommands(auditorRole, 'audit', ['iam']);
/** The rotator sends no alerts. */
const ofSweep = forCommands(rotatorRole, 'enforce', ['iam', 'dynamodb', 'sns', 'events'], ['ReadAccount', 'ReadUsers']);
const sweepTopics = ['arn:aws:sns:*:*:keysweep-alerts', 'arn:aws:sns:*:*:keysweep-digests'];
const forSweep = [
  ...forAudit,
  ...ofSweep.map((statement) => {
    if (statement.Sid === 'SendDigest') return { ...statement, Sid: 'SendNotices', Resource: sweepTopics };
    return statement.Sid === 'ListSubscriptions' ? { ...statement, Resource: sweepTopics } : statement;
  }),
  ...forInstallation,
];

const topics = 'arn:aws:sns:*:*:keysweep-*';
const forChannels = [
  ...forCommands(rotatorRole, 'enforce', ['sns'], ['SendDigest']).map((statement) => {
    return statement.Sid === 'ListSubscriptions' ? { ...statement, Resource: topics } : statement;
  }),
  { Sid: 'SubscribeAgain', Effect: 'Allow', Action: 'sns:Subscribe', Resource: topics },
  ...forInstallation,
];

function policyDocument(statements: readonly RoleStatement[]): string {
  const ordered = statements.map(({ Sid, Effect, Action, Resource, Condition }) => {
    return { Sid, Effect, Action, Resource, ...(Condition && { Condition }) };
  });
  return fenced('json', JSON.stringify({ Version: '2012-10-17', Statement: ordered }, undefined, 2));
}

const keyStatements = keyUses({
  keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/0b1c2d3e-0000-4000-8000-000000000000',
  account: '111122223333',
  forwarder: true,
}).map(({ statement }) => statement);

const actionsOf = (statements: readonly RoleStatement[]) => statements.flatMap(({ Action }) => Action);

it('docs/permissions.md shows what the template grants (else: npm run docs)', async () => {
  await expectSamples(page, {
    'command-line': policyDocument(forAudit),
    'command-line-sweep': policyDocument(forSweep),
    'command-line-channels': policyDocument(forChannels),
    auditor: policyDocument(auditor),
    'rotator-audit': policyDocument(rotator('audit')),
    'rotator-warn': policyDocument(rotator('warn')),
    'rotator-enforce': policyDocument(rotator('enforce')),
    forwarder: policyDocument(forwarder),
    'slack-channel': policyDocument(slackChannel),
    scheduler: policyDocument(scheduler),
    'key-policy': fenced('json', JSON.stringify(keyStatements, undefined, 2)),
  });
});

it('docs/permissions.md says of every action what it is for', () => {
  const all = [auditor, rotator('enforce'), forwarder, slackChannel, scheduler].flatMap(actionsOf);
  expect(namesInTables(page, 'What each action is for').toSorted()).toEqual([...new Set(all)].toSorted());
});

describe('the policy for the audit of the command line', () => {
  const policy = loadPolicy(
    'version: 1\noverrides: [{ match: { tag: { kind: machine } }, accessKeys: { maxAge: 180d } }]\n',
    'keysweep.yaml',
  );
  const actions = actionsOf(forAudit);

  function auditWith(allow: readonly string[]) {
    return withSandbox({ sandbox: { allow } }, ({ sandbox, source }) => audit({ source }, policy, sandbox.clock.now()));
  }

  it('writes nothing', () => {
    for (const action of actions) expect(action).toMatch(/^iam:(?:Get|List|GenerateCredentialReport$)/);
  });

  it('is enough for an audit whose policy matches tags', async () => {
    const { summary } = await auditWith(actions);
    expect(summary).toMatchObject({ error: 0 });
    expect(summary.fail).toBeGreaterThan(0);
  });

  it.each(['iam:GetAccountAuthorizationDetails', 'iam:GetAccountSummary', 'iam:ListAccountAliases', 'iam:ListUsers'])(
    'may do without %s',
    async (action) => {
      const { summary } = await auditWith(actions.filter((allowed) => allowed !== action));
      expect(summary.error).toBe(0);
    },
  );

  it.each(['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'])('cannot judge everything without %s', async (action) => {
    const { summary } = await auditWith(actions.filter((allowed) => allowed !== action));
    expect(summary.error).toBeGreaterThan(0);
  });
});

describe('the policy for sweep and restore', () => {
  const world = commandSandbox();
  const ledger = ['--ledger', 'dynamodb:keysweep-ledger'];
  const tagged = 'overrides: [{ match: { tag: { kind: machine } }, accessKeys: { maxIdle: 60d } }]\n';

  async function createTable(): Promise<void> {
    const { url: endpoint, region, credentials } = world.sandbox;
    const client = new DynamoDBClient({ endpoint, region, credentials });
    await createLedgerTable(client, 'keysweep-ledger');
    client.destroy();
  }

  it('allows what they do from the first notice to the deletion and the restoration, and nothing else', async () => {
    await createTable();
    await world.writePolicy(`${enforceYaml}${tagged}`);
    // Findings on the root user, and on a user without keys.
    world.sandbox.account.setMfa('<root_account>', false);
    world.sandbox.account.createUser('mia');
    world.sandbox.account.setPassword('mia');
    const notified = ['--topic-arn', listenTo(world.sandbox, 'keysweep-digests'), '--event-bus', 'default', ...ledger];
    const calls: ApiCall[] = [];
    const run = async (...args: readonly string[]) => {
      const { code, stderr } = await world.keysweep(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      calls.push(...apiCalls(world.sandbox, world.sandbox.requests));
    };
    const sweep = () => run('sweep', '--enforce', '--quiet', '--yes', ...notified);
    for (const days of [13, 1, 29, 1, 1]) {
      await sweep();
      world.sandbox.clock.advance(days * DAY);
      if (days === 29) await run('restore', staleKey, '--why', 'the export needs it', '--yes', ...notified);
    }
    await sweep();
    const alerted = ['--topic-arn', listenTo(world.sandbox, 'keysweep-alerts'), ...ledger];
    await run('sweep', '--enforce', '--quiet', '--yes', ...alerted);
    await run('plan', '--quiet');
    expect(new Set(world.sandbox.writes.map(({ accessKeyId }) => accessKeyId)).size).toBeGreaterThan(1);
    expect(await privilegeGaps(forSweep, calls)).toEqual({ refused: [], unneeded: [] });
  });
});

describe('the policy for channels', () => {
  const world = commandSandbox();

  it('allows what it does with --fix, and nothing else', async () => {
    await world.writePolicy('version: 1\ndeployment: { email: [security@example.com, ops@example.com] }\n');
    const topic = listenTo(world.sandbox, 'keysweep-digests');
    const { code, stderr } = await world.keysweep(['channels', '--topic-arn', topic, '--fix', '--yes', '--quiet']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const calls = apiCalls(world.sandbox, world.sandbox.requests);
    // It looks for the installation, and finds none.
    expect(await world.keysweep(['channels', '--quiet'])).toMatchObject({ code: 2 });
    const searches = apiCalls(world.sandbox, world.sandbox.requests);
    expect(await privilegeGaps(forChannels, [...calls, ...searches])).toEqual({ refused: [], unneeded: [] });
  });
});
