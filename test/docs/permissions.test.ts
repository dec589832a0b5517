import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { audit } from '../../lambda/auditor/audit.ts';
import { templateOf } from '../lib/synth.ts';
import { withSandbox } from '../support/aws-sandbox.ts';
import { expectSamples, fenced, namesInTables } from '../support/doc-page.ts';

const page = 'docs/permissions.md';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string;
}

/** What the roles of the template allow, with references as in CloudFormation's Fn::Sub. */
function statementsOf(template: Template, service: string): Statement[] {
  const roles = Object.values(template.findResources('AWS::IAM::Role')).filter(({ Properties }) => {
    return Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service === service;
  });
  return roles.flatMap(({ Properties }) =>
    Properties.Policies.flatMap(({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => {
      return PolicyDocument.Statement.map((statement) => ({ ...statement, Resource: inWords(statement.Resource) }));
    }),
  );
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return `\${${nameOf(Ref)}}`;
  if (Array.isArray(attribute)) return `\${${nameOf(String(attribute[0]))}.${attribute[1]}}`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(inWords).join(String(join[0]));
  throw new Error(`a reference of another form: ${JSON.stringify(value)}`);
}

/** A logical id without the construct's name and the hash. */
function nameOf(logicalId: string): string {
  return logicalId.replace(/^CredentialHygiene(.+)[0-9A-F]{8}$/, '$1');
}

function policyDocument(statements: readonly Statement[]): string {
  return fenced('json', JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2));
}

const template = templateOf(defaultPolicy);
const auditor = statementsOf(template, 'lambda.amazonaws.com');
const forCli = auditor
  .filter(({ Action }) => [Action].flat().every((action) => action.startsWith('iam:')))
  .map((statement) => ({
    ...statement,
    Resource: statement.Resource.replace(/\$\{AWS::Partition\}/, 'aws').replace(/\$\{AWS::AccountId\}/, '*'),
  }));
const cliActions = forCli.flatMap(({ Action }) => Action);

it('docs/permissions.md shows what the template grants (else: npm run docs)', async () => {
  await expectSamples(page, {
    'command-line': policyDocument(forCli),
    auditor: policyDocument(auditor),
    scheduler: policyDocument(statementsOf(template, 'scheduler.amazonaws.com')),
  });
});

it('docs/permissions.md says of every action of the auditor what it is for', () => {
  expect(namesInTables(page, 'What each action is for').toSorted()).toEqual(
    auditor.flatMap(({ Action }) => Action).toSorted(),
  );
});

describe('the policy for the command line', () => {
  const policy = loadPolicy(
    'version: 1\noverrides: [{ match: { tag: { kind: machine } }, accessKeys: { maxAge: 180d } }]\n',
    'keysweep.yaml',
  );

  function auditWith(allow: readonly string[]) {
    return withSandbox({ sandbox: { allow } }, ({ sandbox, source }) => audit({ source }, policy, sandbox.clock.now()));
  }

  it('writes nothing', () => {
    for (const action of cliActions) expect(action).toMatch(/^iam:(?:Get|List|GenerateCredentialReport$)/);
  });

  it('is enough for an audit whose policy matches tags', async () => {
    const { summary } = await auditWith(cliActions);
    expect(summary).toMatchObject({ error: 0 });
    expect(summary.fail).toBeGreaterThan(0);
  });

  it.each(['iam:GetAccountAuthorizationDetails', 'iam:ListAccountAliases'])('may do without %s', async (action) => {
    const { summary } = await auditWith(cliActions.filter((allowed) => allowed !== action));
    expect(summary.error).toBe(0);
  });

  it.each(['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'])('cannot judge everything without %s', async (action) => {
    const { summary } = await auditWith(cliActions.filter((allowed) => allowed !== action));
    expect(summary.error).toBeGreaterThan(0);
  });
});
