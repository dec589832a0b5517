import { describe, expect, it } from 'vitest';
import type { CredentialSource, LiveRead } from '../../core/ports.ts';
import type { FaultEffect } from '../../sandbox/index.ts';
import { aliceKey, connectSandbox } from '../support/aws-sandbox.ts';
import { patienceFor } from '../support/patience.ts';

/** The reads of one thing, each with the action that it sends. */
const reads: [action: string, read: (source: CredentialSource) => Promise<LiveRead<unknown> | undefined>][] = [
  ['iam:ListAccessKeys', (source) => source.credentials('access-key', 'alice')],
  ['iam:GetAccessKeyLastUsed', (source) => source.lastUse('alice', { kind: 'access-key', id: aliceKey })],
  ['iam:ListUserTags', async (source) => (await source.userTags(['alice'], 3)).get('alice')],
  ['iam:ListUsers', (source) => source.users()],
  ['iam:GetAccountSummary', (source) => source.rootFacts()],
  ['iam:GetAccountAuthorizationDetails', (source) => source.attachedPolicies(['alice'])],
];

/** Few attempts: enough to show what retries do, and what happens when they do not help. */
function twoAttempts(effect: FaultEffect) {
  return { connect: { maxAttempts: 2, requestTimeout: patienceFor([effect]) } };
}
function oneAttempt(effect: FaultEffect) {
  return { connect: { maxAttempts: 1, requestTimeout: patienceFor([effect], 100) } };
}

/** Throttling is apart: after it the SDK slows down in real time. */
const passing: [string, FaultEffect][] = [
  ['HTTP 500', { kind: 'server-error' }],
  ['HTTP 503 from a proxy', { kind: 'garbage', status: 503 }],
  ['a reset connection', { kind: 'reset' }],
  ['no answer', { kind: 'timeout' }],
];

const lasting: [string, FaultEffect, string, string][] = [
  ['throttling', { kind: 'throttle' }, 'throttled', 'Throttled'],
  ['HTTP 500', { kind: 'server-error' }, 'unavailable', 'ServiceFailure'],
  ['HTTP 502 from a proxy', { kind: 'garbage', status: 502 }, 'unavailable', 'ServiceFailure'],
  ['reset connections', { kind: 'reset' }, 'unavailable', 'EndpointUnreachable'],
  ['no answer', { kind: 'timeout' }, 'unavailable', 'TimedOut'],
  ['a denial', { kind: 'denied' }, 'access-denied', 'AccessDenied'],
  ['a page of HTML', { kind: 'garbage' }, 'unexpected', 'AwsAnswerUnexpected'],
  [
    'half a document',
    { kind: 'garbage', body: '<ListAccessKeysResponse><ListAcc' },
    'unexpected',
    'AwsAnswerUnexpected',
  ],
  ['HTTP 404 from a proxy', { kind: 'garbage', status: 404 }, 'unexpected', 'AwsAnswerUnexpected'],
  ['nothing at all', { kind: 'garbage', body: '' }, 'unexpected', 'AwsAnswerUnexpected'],
  ['text', { kind: 'garbage', body: 'It works!' }, 'unexpected', 'AwsAnswerUnexpected'],
  ['an expired token', { kind: 'error', code: 'ExpiredToken' }, 'unavailable', 'CredentialsExpired'],
];

describe.each(reads)('%s', (action, read) => {
  it.each(passing)('survives %s', async (_, effect) => {
    const { sandbox, source } = await connectSandbox(twoAttempts(effect));
    sandbox.faults.add({ action, count: 1, ...effect });
    await expect(read(source)).resolves.toMatchObject({ ok: true });
  });

  it.each(lasting)('reports %s that lasts', async (_, effect, code, name) => {
    const { sandbox, source } = await connectSandbox(oneAttempt(effect));
    sandbox.faults.add({ action, ...effect });
    const outcome = await read(source);
    expect(outcome).toMatchObject({ ok: false, problem: { code } });
    expect(outcome?.ok === false && outcome.problem.message).toMatch(new RegExp(`^${name}: `));
  });

  it('names the missing action and the caller, without a second request', async () => {
    const { sandbox, source } = await connectSandbox();
    sandbox.faults.add({ action, kind: 'denied' });
    const outcome = await read(source);
    expect(outcome?.ok === false && outcome.problem.message).toMatch(
      new RegExp(`the caller lacks ${action} \\(arn:aws:sts::111122223333:assumed-role/KeysweepOperator`),
    );
    expect(sandbox.requestCounts()).toEqual({ [action]: 1 });
  });
});

describe('iam:GetAccountAuthorizationDetails for tags', () => {
  it.each(lasting.slice(1))('is replaced by ListUserTags on %s', async (_, effect) => {
    const { sandbox, source } = await connectSandbox(oneAttempt(effect));
    sandbox.faults.add({ action: 'iam:GetAccountAuthorizationDetails', ...effect });
    const tags = await source.userTags(['alice', 'bob'], 3);
    expect(tags.get('alice')).toMatchObject({ ok: true, value: { team: 'data' } });
    expect(tags.get('bob')).toEqual({ ok: true, value: {} });
  });
});

describe('the credential report', () => {
  const actions = ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'];
  const states: [string, FaultEffect][] = [
    ['ReportInProgress', { kind: 'error', code: 'ReportInProgress' }],
    ['ReportNotPresent', { kind: 'error', code: 'ReportNotPresent' }],
    ['ReportExpired', { kind: 'error', code: 'ReportExpired' }],
  ];

  it.each(
    actions.flatMap((action) => passing.map(([name, effect]): [string, string, FaultEffect] => [action, name, effect])),
  )('%s survives %s', async (action, _, effect) => {
    const { sandbox, source } = await connectSandbox(oneAttempt(effect));
    sandbox.faults.add({ action, count: 3, ...effect });
    const { content } = await source.credentialReport();
    expect(new TextDecoder().decode(content)).toContain('<root_account>');
  });

  it('iam:GenerateCredentialReport survives LimitExceeded', async () => {
    const { sandbox, source } = await connectSandbox({ connect: { maxAttempts: 1 } });
    sandbox.faults.add({ action: 'iam:GenerateCredentialReport', count: 1, kind: 'error', code: 'LimitExceeded' });
    await expect(source.credentialReport()).resolves.toMatchObject({ generatedAt: sandbox.clock.now() });
  });

  it.each(states)('iam:GetCredentialReport survives %s', async (_, effect) => {
    const { sandbox, source } = await connectSandbox();
    sandbox.faults.add({ action: 'iam:GetCredentialReport', count: 2, ...effect });
    const { content } = await source.credentialReport();
    expect(new TextDecoder().decode(content)).toContain('<root_account>');
  });

  it.each(states)('is unavailable when %s lasts', async (name, effect) => {
    const { sandbox, source } = await connectSandbox();
    sandbox.faults.add({ action: 'iam:GetCredentialReport', ...effect });
    await expect(source.credentialReport()).rejects.toMatchObject({
      code: 'ReportUnavailable',
      message: expect.stringMatching(name === 'ReportInProgress' ? name : /after 5 minutes/),
    });
  });

  it.each(
    actions.flatMap((action) =>
      lasting.slice(1).map(([name, effect]): [string, string, FaultEffect] => [action, name, effect]),
    ),
  )('is an error when %s meets %s, never an empty report', async (action, _, effect) => {
    const { sandbox, source } = await connectSandbox({ ...oneAttempt(effect), source: { reportPatience: 3_000 } });
    sandbox.faults.add({ action, ...effect });
    await expect(source.credentialReport()).rejects.toMatchObject({ name: 'KeysweepError' });
  });
});

describe('the account', () => {
  it.each([
    ['a denial', { kind: 'denied' }, 'AccessDenied'],
    ['a page of HTML', { kind: 'garbage' }, 'AwsAnswerUnexpected'],
    ['no answer', { kind: 'timeout' }, 'TimedOut'],
    ['an unknown key', { kind: 'error', code: 'InvalidClientTokenId' }, 'CredentialsRefused'],
  ] as [string, FaultEffect, string][])('is an error on %s', async (_, effect, code) => {
    const { sandbox, source } = await connectSandbox(oneAttempt(effect));
    sandbox.faults.add({ action: 'sts:GetCallerIdentity', ...effect });
    await expect(source.account()).rejects.toMatchObject({ code });
  });

  it('does without an alias that cannot be read', async () => {
    const { sandbox, source } = await connectSandbox({ connect: { maxAttempts: 1 } });
    sandbox.faults.add({ action: 'iam:ListAccountAliases', kind: 'server-error' });
    await expect(source.account()).resolves.toEqual({ id: '111122223333', partition: 'aws' });
  });
});

describe('a rate limit', () => {
  it('ends complete and correct, with bounded concurrency', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `user-${index}`);
    const { sandbox, source } = await connectSandbox({
      sandbox: {
        seed: {
          id: '111122223333',
          now: '2026-11-20T00:00:00Z',
          users: names.map((name) => ({ name, accessKeys: [{ createdAt: '2025-01-01T00:00:00Z' }] })),
        },
        rateLimits: [{ action: 'iam:*', perSecond: 40, burst: 10 }],
      },
    });
    const keys = await Promise.all(names.map((name) => source.credentials('access-key', name)));
    expect(keys.every((read) => read.ok && read.value.length === 1)).toBe(true);
    expect(sandbox.requests.some(({ errorCode }) => errorCode === 'Throttling')).toBe(true);
    expect(sandbox.peakConcurrency()).toBeLessThanOrEqual(8);
  });
});
