/**
 * Who may write what keysweep trusts: the snapshots and the record of findings in the bucket, and its events on the bus.
 * A policy simulator decides, with the roles and the policies of the template.
 */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, it } from 'vitest';
import { auditCompletedType, credentialTypes, findingTypes, restoredType } from '../../core/events.ts';
import { type RoleStatement, resolveReferences, roleStatements } from '../support/template-roles.ts';
import { policyWith, templateOf } from './synth.ts';

const account = '111122223333';
const roleIds = {
  auditor: 'CredentialHygieneAuditorRoleFB2D4206',
  rotator: 'CredentialHygieneRotatorRoleF8E1D78C',
  forwarder: 'CredentialHygieneSlackForwarderRole13090809',
} as const;
type Name = keyof typeof roleIds;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const bucketArn = 'arn:aws:s3:::archive';
const busArn = `arn:aws:events:us-east-1:${account}:event-bus/default`;

const slackWebhookSecret = `arn:aws:secretsmanager:us-east-1:${account}:secret:slack-AbCdEf`;
const template = templateOf({ ...policyWith({ email: ['a@example.com'], slackWebhookSecret }), mode: 'enforce' });
const withoutForwarder = templateOf(policyWith({ email: ['a@example.com'] }));

/** What the references of the template are. */
function words(logicalId: string): string {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': 'us-east-1',
    'AWS::AccountId': account,
  };
  for (const [name, id] of Object.entries(roleIds)) if (id === logicalId) return roleArn(name);
  if (logicalId.startsWith('CredentialHygieneArchive')) return bucketArn;
  return pseudo[logicalId] ?? `arn:aws:other:us-east-1:${account}:${logicalId}`;
}

function resourcePolicy(type: string, of = template): object {
  const found = Object.values(of.findResources(type)).map(({ Properties }) => Properties);
  const statements = found.flatMap(({ PolicyDocument, Statement }) => PolicyDocument?.Statement ?? [Statement]);
  return { Version: '2012-10-17', Statement: resolveReferences(statements, words) };
}

const bucketPolicy = resourcePolicy('AWS::S3::BucketPolicy');
const busPolicy = resourcePolicy('AWS::Events::EventBusPolicy');
const everything: RoleStatement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

/** Someone's session: of a role of keysweep with what the template gives it, of another with all rights, or a user. */
const others = {
  'an administrator': `arn:aws:sts::${account}:assumed-role/Admin/me`,
  'another role': `arn:aws:sts::${account}:assumed-role/keysweep-auditor/x`,
  'a user': `arn:aws:iam::${account}:user/auditor`,
  'the root user': `arn:aws:iam::${account}:root`,
} as const;

interface Request {
  readonly action: string;
  readonly resource: string;
  readonly policy: object;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

async function allowed(
  principal: string,
  identity: readonly RoleStatement[],
  { action, resource, policy, context = {} }: Request,
): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: account },
        contextVariables: {
          'aws:SecureTransport': 'true',
          's3:TlsVersion': '1.3',
          'aws:PrincipalArn': principal.replace(/:sts:(.*):assumed-role\/([^/]+)\/.*$/, ':iam:$1:role/$2'),
          ...context,
        },
      },
      identityPolicies: [{ name: 'inline', policy: { Version: '2012-10-17', Statement: identity } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policy,
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed';
}

/** Whether the role may, with what the template gives it. */
const byRole = (name: Name, request: Request) =>
  allowed(`arn:aws:sts::${account}:assumed-role/${name}/x`, roleStatements(template, roleIds[name], words), request);
/** Whether a role of keysweep could, if it were given every right. */
const byMightyRole = (name: Name, request: Request) =>
  allowed(`arn:aws:sts::${account}:assumed-role/${name}/x`, everything, request);
const byOther = (who: keyof typeof others, request: Request) => allowed(others[who], everything, request);
const whoElse = Object.keys(others) as (keyof typeof others)[];

describe('objects of the archive', () => {
  const write = (key: string, action = 's3:PutObject'): Request => ({
    action,
    resource: `${bucketArn}/${key}`,
    policy: bucketPolicy,
  });
  const trusted = [`snapshots/${account}/2026-11-02T043000.000Z.json`, `findings/${account}.json`];
  const report = `reports/${account}/2026-11-02T043000.000Z-audit.json`;
  const writes = [
    's3:PutObject',
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:ReplicateObject',
    's3:ReplicateDelete',
  ];

  it.each(trusted)('%s is written by the auditor', async (key) => {
    expect(await byRole('auditor', write(key))).toBe(true);
  });

  it.each(trusted)('%s is written and deleted by no one else, whatever rights they have', async (key) => {
    for (const action of writes) {
      expect(await byMightyRole('rotator', write(key, action))).toBe(false);
      for (const who of whoElse) expect(await byOther(who, write(key, action))).toBe(false);
    }
  });

  it('reports are written by auditor and rotator, and by no one else', async () => {
    expect(await byRole('auditor', write(report))).toBe(true);
    expect(await byRole('rotator', write(report))).toBe(true);
    for (const who of whoElse) expect(await byOther(who, write(report))).toBe(false);
  });

  describe('receipts', () => {
    const receipt = 'receipts/4711';

    it('are written by the forwarder, and by no one else, whatever rights they have', async () => {
      expect(await byRole('forwarder', write(receipt))).toBe(true);
      for (const action of writes) {
        for (const name of ['auditor', 'rotator'] as const) {
          expect(await byMightyRole(name, write(receipt, action))).toBe(false);
        }
        for (const who of whoElse) expect(await byOther(who, write(receipt, action))).toBe(false);
      }
    });

    it('are read by auditor and rotator', async () => {
      for (const name of ['auditor', 'rotator'] as const) {
        expect(await byRole(name, write(receipt, 's3:GetObject'))).toBe(true);
      }
    });

    it('are written by no one at all where there is no forwarder', async () => {
      const policy = resourcePolicy('AWS::S3::BucketPolicy', withoutForwarder);
      for (const action of writes) {
        const forged = { ...write(receipt, action), policy };
        for (const name of ['auditor', 'rotator', 'forwarder'] as const) {
          expect(await byMightyRole(name, forged)).toBe(false);
        }
        for (const who of whoElse) expect(await byOther(who, forged)).toBe(false);
      }
      for (const who of whoElse) expect(await byOther(who, { ...write('other/a.json'), policy })).toBe(true);
    });

    it('are all that the forwarder writes', async () => {
      for (const key of [...trusted, report]) expect(await byMightyRole('forwarder', write(key))).toBe(false);
    });
  });

  it('can be read, and others written, as before', async () => {
    for (const who of whoElse) {
      for (const key of [...trusted, report, 'receipts/4711'])
        expect(await byOther(who, write(key, 's3:GetObject'))).toBe(true);
      expect(await byOther(who, write('other/a.json'))).toBe(true);
    }
  });

  it('are not locked for good: an administrator changes the policy', async () => {
    for (const action of ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy']) {
      expect(await byOther('an administrator', { action, resource: bucketArn, policy: bucketPolicy })).toBe(true);
    }
  });
});

describe('events on the default bus', () => {
  const put = (sources: readonly string[], types: readonly string[], resource = busArn): Request => ({
    action: 'events:PutEvents',
    resource,
    policy: busPolicy,
    context: { 'events:source': [...sources], 'events:detail-type': [...types] },
  });
  const ofAuditor = [auditCompletedType, ...findingTypes];
  const ofRotator = credentialTypes.filter((type) => type !== restoredType);

  it.each(ofAuditor)('%s is sent by the auditor alone', async (type) => {
    expect(await byRole('auditor', put(['keysweep'], [type]))).toBe(true);
    expect(await byMightyRole('rotator', put(['keysweep'], [type]))).toBe(false);
    for (const who of whoElse) expect(await byOther(who, put(['keysweep'], [type]))).toBe(false);
  });

  it.each(ofRotator)('%s is sent by the rotator alone', async (type) => {
    expect(await byRole('rotator', put(['keysweep'], [type]))).toBe(true);
    expect(await byMightyRole('auditor', put(['keysweep'], [type]))).toBe(false);
    for (const who of whoElse) expect(await byOther(who, put(['keysweep'], [type]))).toBe(false);
  });

  it('are refused as well where they hide among others', async () => {
    const mixed = put(['orders', 'keysweep'], ['Order Placed', auditCompletedType]);
    for (const who of whoElse) expect(await byOther(who, mixed)).toBe(false);
  });

  it('that a restoration sends are sent by the caller of the command', async () => {
    expect(await byRole('rotator', put(['keysweep'], [restoredType]))).toBe(true);
    expect(await byOther('a user', put(['keysweep'], [restoredType]))).toBe(true);
  });

  it('of other sources may be put by anyone, whatever they are called', async () => {
    for (const who of whoElse) {
      for (const type of [...ofAuditor, ...ofRotator, 'Order Placed']) {
        expect(await byOther(who, put(['orders'], [type]))).toBe(true);
      }
    }
    expect(await byMightyRole('rotator', put(['orders'], ['Order Placed']))).toBe(true);
  });
});

it('statements of others on the bus stay: each has an id of its own, of the form that EventBridge takes', () => {
  const ids = Object.values(template.findResources('AWS::Events::EventBusPolicy')).map(
    ({ Properties }) => Properties.StatementId,
  );
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^keysweep-[\w-]{1,55}$/);
});
