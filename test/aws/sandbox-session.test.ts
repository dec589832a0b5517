import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, vi } from 'vitest';
import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { connect } from '../../aws/session.ts';
import { createSnsNotifier } from '../../aws/sns-notifier.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { connectSandbox } from '../support/aws-sandbox.ts';
import { noticeOf } from '../support/notice.ts';

useAwsConfig();

const roleArn = 'arn:aws:iam::111122223333:role/audit';
const externalId = 'keysweep-1';

describe('a role to assume', () => {
  it('signs every request, and is assumed once for all clients', async () => {
    const { sandbox, source } = await connectSandbox({
      connect: { roleArn, externalId, roleSessionName: 'night-1' },
    });
    await Promise.all([
      source.account(),
      source.credentials('access-key', 'alice'),
      source.credentials('access-key', 'bob'),
    ]);
    expect(sandbox.requestCounts()).toMatchObject({ 'sts:AssumeRole': 1, 'iam:ListAccessKeys': 2 });
    expect(source.requests()).toEqual(sandbox.requestCounts());
    const [assume, ...others] = sandbox.requests;
    expect(assume?.params).toMatchObject({ RoleSessionName: 'night-1', ExternalId: externalId });
    expect(new Set(others.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    expect(others[0]?.accessKeyId).not.toBe(sandbox.credentials.accessKeyId);
  });

  it('is called keysweep by default', async () => {
    const { sandbox, source } = await connectSandbox({ connect: { roleArn, externalId } });
    await source.credentials('access-key', 'alice');
    expect(sandbox.requests[0]?.params).toMatchObject({ RoleSessionName: 'keysweep' });
  });

  it.each([
    ['without the external id', { roleArn }],
    ['with another external id', { roleArn, externalId: 'keysweep-2' }],
    ['that does not exist', { roleArn: `${roleArn}-missing`, externalId }],
  ])('%s is denied with what to check', async (_, options) => {
    const { source } = await connectSandbox({ connect: options });
    await expect(source.account()).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining(
        `the caller lacks sts:AssumeRole on ${options.roleArn} in account 111122223333 (arn:`,
      ),
      hint: expect.stringContaining('trust policy'),
    });
    await expect(source.credentials('access-key', 'alice')).resolves.toMatchObject({
      ok: false,
      problem: { code: 'unavailable', message: expect.stringContaining('sts:AssumeRole') },
    });
  });

  it('is assumed again after a failure that passed', async () => {
    const { sandbox, source } = await connectSandbox({ connect: { roleArn, externalId, maxAttempts: 1 } });
    sandbox.faults.add({ action: 'sts:AssumeRole', kind: 'denied', count: 1 });
    await expect(source.account()).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining(`${roleArn} in account 111122223333`),
    });
    await expect(source.account()).resolves.toMatchObject({ id: '111122223333' });
  });

  it('is an error when STS answers without credentials', async () => {
    const { sandbox, source } = await connectSandbox({ connect: { roleArn, externalId } });
    sandbox.faults.add({ action: 'sts:AssumeRole', kind: 'garbage' });
    await expect(source.account()).rejects.toMatchObject({ code: 'AwsAnswerUnexpected' });
  });
});

describe('AWS_ENDPOINT_URL', () => {
  it('is honoured by every client, the one that assumes the role included', async () => {
    const { sandbox } = await connectSandbox();
    vi.stubEnv('AWS_ENDPOINT_URL', sandbox.url);
    const session = connect({ credentials: sandbox.credentials, roleArn, externalId });
    const source = createIamCredentialSource(session);
    await source.account();
    session.close();
    expect(sandbox.requestCounts()).toEqual({
      'iam:ListAccountAliases': 1,
      'sts:AssumeRole': 1,
      'sts:GetCallerIdentity': 1,
    });
  });
});

describe('credentials', () => {
  it('come from the environment where none are given', async () => {
    const { sandbox } = await connectSandbox();
    for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
    const session = connect();
    await expect(createIamCredentialSource(session).account()).resolves.toMatchObject({ id: '111122223333' });
    session.close();
  });

  it('that AWS does not know are reported as such', async () => {
    const { source } = await connectSandbox({
      connect: { credentials: { accessKeyId: 'AKIAUNKNOWNAAAAAAAAA', secretAccessKey: 'x' } },
    });
    await expect(source.account()).rejects.toMatchObject({ code: 'CredentialsRefused' });
  });

  it('that no one has are reported as such', async () => {
    const { sandbox } = await connectSandbox();
    const session = connect({ endpointUrl: sandbox.url, region: 'us-east-1' });
    await expect(createIamCredentialSource(session).account()).rejects.toMatchObject({ code: 'CredentialsMissing' });
    session.close();
  });
});

describe('the region of a request', () => {
  it("is the partition's for IAM and the caller's for STS", async () => {
    const { sandbox, source } = await connectSandbox({ connect: { region: 'eu-central-1' } });
    await source.account();
    expect(sandbox.requests.map(({ service, region }) => [service, region])).toEqual([
      ['sts', 'eu-central-1'],
      ['iam', 'us-east-1'],
    ]);
  });
});

describe('a connection that does not come about', () => {
  it('names the endpoint as the thing to check', async () => {
    const closed = await startSandbox();
    await closed.close();
    const { source } = await connectSandbox({ connect: { endpointUrl: closed.url, maxAttempts: 1 } });
    await expect(source.account()).rejects.toMatchObject({
      code: 'EndpointUnreachable',
      hint: expect.stringContaining('AWS_ENDPOINT_URL'),
    });
    await expect(source.credentialReport()).rejects.toMatchObject({ code: 'EndpointUnreachable' });
  });
});

describe('close', () => {
  it('leaves the clients of other sessions alone', async () => {
    const { sandbox, session } = await connectSandbox();
    const other = connect({ endpointUrl: sandbox.url, credentials: sandbox.credentials, region: 'us-east-1' });
    const source = createIamCredentialSource(session);
    other.client('sts', STSClient);
    other.close();
    await expect(source.account()).resolves.toMatchObject({ id: '111122223333' });
  });
});

describe('a notice', () => {
  it('reaches the topic through the real protocol', async () => {
    const { sandbox, session } = await connectSandbox();
    const topicArn = sandbox.topicArn('keysweep-alerts');
    const notice = noticeOf({ subject: 'keysweep: 1 finding', body: 'Zoë & <friends>\n' });
    await createSnsNotifier(session, topicArn).publish(notice);
    const [message] = sandbox.messages;
    expect(message).toMatchObject({ topicArn, subject: notice.subject, structure: 'json' });
    expect(message?.bodies.email).toBe(notice.body);
    expect(JSON.parse(message?.bodies.default ?? '')).toEqual(notice.data);
    expect(message?.attributes).toEqual({
      kind: { type: 'String', value: 'alert' },
      severity: { type: 'String', value: 'critical' },
      account: { type: 'String', value: '111122223333' },
    });
  });

  it.each([
    ['denied', 'AccessDenied', 'sns:Publish'],
    ['throttle', 'Throttled', 'sns:Publish'],
  ] as const)('that is refused (%s) is an error', async (kind, code, text) => {
    const { sandbox, session } = await connectSandbox({ connect: { maxAttempts: 1 } });
    sandbox.faults.add({ action: 'sns:Publish', kind });
    const notifier = createSnsNotifier(session, sandbox.topicArn('keysweep-alerts'));
    await expect(notifier.publish(noticeOf())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text),
    });
  });

  it('to a topic that does not exist is an error', async () => {
    const { session } = await connectSandbox();
    const notifier = createSnsNotifier(session, 'arn:aws:sns:us-east-1:111122223333:missing');
    await expect(notifier.publish(noticeOf())).rejects.toMatchObject({ code: 'NotFound' });
  });
});
