import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireReport } from '../../aws/credential-report.ts';
import { KeysweepError } from '../../core/error.ts';
import { inTurn } from '../support/in-turn.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { networkError, serviceError } from '../support/sdk-errors.ts';

const patience = 60_000;
const report = {
  Content: new TextEncoder().encode('user,arn\n'),
  ReportFormat: 'text/csv' as const,
  GeneratedTime: new Date('2026-11-20T00:00:00Z'),
};

const inProgress = serviceError('CredentialReportNotReadyException', 404);
const notPresent = serviceError('CredentialReportNotPresentException', 410);
const expired = serviceError('CredentialReportExpiredException', 410);
const limitExceeded = serviceError(
  'LimitExceededException',
  409,
  'No more capacity to launch new report generation tasks',
);
const serviceFailure = serviceError('ServiceFailureException', 500);
const throttling = serviceError('Throttling', 400, 'Rate exceeded');

const aborted = Object.assign(new Error('Request aborted'), { name: 'AbortError' });

const iam = mockClient(IAMClient);
beforeEach(() => iam.reset());
afterEach(() => iam.reset());

type Answer = string | Error | object;

/** Answers of each action in turn; the last one repeats. Those of Generate may be given by their state. */
function script(generateAnswers: readonly Answer[], getAnswers: readonly Answer[]): void {
  const states = generateAnswers.map((answer) => (typeof answer === 'string' ? { State: answer } : answer));
  iam.on(GenerateCredentialReportCommand).callsFake(inTurn(states));
  iam.on(GetCredentialReportCommand).callsFake(inTurn(getAnswers));
}

function acquire(timing = manualTiming()) {
  return acquireReport(new IAMClient({ region: 'us-east-1' }), patience, timing);
}

async function failure(timing = manualTiming()): Promise<KeysweepError> {
  const error = await acquire(timing).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(KeysweepError);
  return error as KeysweepError;
}

const sent = () => iam.calls().map(({ args }) => args[0].constructor.name.replace(/CredentialReportCommand/, ''));

describe('acquireReport: the way to a report', () => {
  it('takes two requests and no wait when AWS holds a fresh report', async () => {
    script(['COMPLETE'], [report]);
    const timing = manualTiming();
    await expect(acquire(timing)).resolves.toEqual({ content: report.Content, generatedAt: report.GeneratedTime });
    expect(sent()).toEqual(['Generate', 'Get']);
    expect(timing.sleeps).toEqual([]);
  });

  it.each<[string, Answer[], Answer[], string[]]>([
    ['STARTED', ['STARTED'], [report], ['Generate', 'Get']],
    ['INPROGRESS', ['INPROGRESS'], [report], ['Generate', 'Get']],
    ['ReportInProgress', ['STARTED'], [inProgress, inProgress, report], ['Generate', 'Get', 'Get', 'Get']],
    ['ReportNotPresent', ['COMPLETE', 'STARTED'], [notPresent, report], ['Generate', 'Get', 'Generate', 'Get']],
    ['ReportExpired', ['COMPLETE', 'STARTED'], [expired, report], ['Generate', 'Get', 'Generate', 'Get']],
    ['LimitExceeded', [limitExceeded, 'COMPLETE'], [report], ['Generate', 'Generate', 'Get']],
    ['ServiceFailure of Generate', [serviceFailure, 'COMPLETE'], [report], ['Generate', 'Generate', 'Get']],
    ['ServiceFailure of Get', ['COMPLETE'], [serviceFailure, report], ['Generate', 'Get', 'Get']],
    ['throttling of Generate', [throttling, 'COMPLETE'], [report], ['Generate', 'Generate', 'Get']],
    ['throttling of Get', ['COMPLETE'], [throttling, report], ['Generate', 'Get', 'Get']],
    ['a reset connection', ['COMPLETE'], [networkError('ECONNRESET'), report], ['Generate', 'Get', 'Get']],
    ['a time-out', ['COMPLETE'], [networkError('ETIMEDOUT'), report], ['Generate', 'Get', 'Get']],
  ])('gets through %s', async (_, generateAnswers, getAnswers, requests) => {
    script(generateAnswers, getAnswers);
    const timing = manualTiming();
    await expect(acquire(timing)).resolves.toMatchObject({ content: report.Content });
    expect(sent()).toEqual(requests);
    expect(timing.sleeps.length).toBeGreaterThan(0);
  });

  it('waits longer from poll to poll, up to 15 seconds', async () => {
    script(['STARTED'], [...Array.from({ length: 9 }, () => inProgress), report]);
    const timing = manualTiming();
    await acquireReport(new IAMClient({ region: 'us-east-1' }), 10 * 60_000, timing);
    expect(timing.sleeps.slice(0, 3)).toEqual([1_000, 1_500, 2_250]);
    expect(Math.max(...timing.sleeps)).toBe(15_000);
  });

  it.each([
    [0, 500],
    [0.5, 750],
    [1, 1_000],
  ])('leaves half of a wait to chance: %s makes the first one %s ms', async (chance, first) => {
    script(['STARTED'], [report]);
    const timing = manualTiming(chance);
    await acquire(timing);
    expect(timing.sleeps).toEqual([first]);
  });
});

describe('acquireReport: the end of patience', () => {
  it.each<[string, Answer[], Answer[], string]>([
    [
      'ReportInProgress',
      ['STARTED'],
      [inProgress],
      'iam:GetCredentialReport failed with CredentialReportNotReadyException',
    ],
    ['ReportNotPresent', ['STARTED'], [notPresent], 'CredentialReportNotPresentException'],
    ['ReportExpired', ['COMPLETE'], [expired], 'CredentialReportExpiredException'],
    ['LimitExceeded', [limitExceeded], [notPresent], 'iam:GenerateCredentialReport failed with LimitExceeded'],
    ['ServiceFailure', ['COMPLETE'], [serviceFailure], 'ServiceFailureException (HTTP 500)'],
    ['throttling', [throttling], [expired], 'Throttling: Rate exceeded (HTTP 400)'],
    ['throttling of both', [throttling], [throttling], 'Throttling: Rate exceeded (HTTP 400)'],
  ])('says what AWS answered at last: %s', async (_, generateAnswers, getAnswers, said) => {
    script(generateAnswers, getAnswers);
    const timing = manualTiming();
    const error = await failure(timing);
    expect(error.code).toBe('ReportUnavailable');
    expect(error.message).toContain('no credential report after 1 minute');
    expect(error.message).toContain(said);
    expect(error.hint).toContain('--report');
    expect(timing.monotonic()).toBe(patience);
  });

  it('never waits past its end, and asks once more at the end', async () => {
    script(['STARTED'], [inProgress]);
    const timing = manualTiming();
    await failure(timing);
    expect(timing.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(patience);
    expect(sent().filter((action) => action === 'Get')).toHaveLength(timing.sleeps.length);
  });

  it('counts a request that was aborted at the end as no answer', async () => {
    script(['COMPLETE'], [aborted]);
    const error = await failure();
    expect(error.message).toContain('iam:GetCredentialReport got no answer in time');
  });

  it.each<[string, Answer[], Answer[], string]>([
    ['LimitExceeded', [limitExceeded, limitExceeded, aborted], [notPresent], 'LimitExceededException'],
    ['throttling', ['COMPLETE'], [throttling, aborted], 'Throttling: Rate exceeded'],
  ])('a request that was aborted does not hide the %s before it', async (_, generateAnswers, getAnswers, said) => {
    script(generateAnswers, getAnswers);
    expect((await failure()).message).toContain(said);
  });

  it.each([
    [25_000, 'after 25 seconds'],
    [60_000, 'after 1 minute'],
    [300_000, 'after 5 minutes'],
  ])('says how long it waited: %i ms', async (ms, text) => {
    script([limitExceeded], [notPresent]);
    const waiting = acquireReport(new IAMClient({ region: 'us-east-1' }), ms, manualTiming());
    await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining(text) });
  });
});

describe('acquireReport: the report that AWS still holds', () => {
  it.each<[string, Error, string]>([
    ['LimitExceeded', limitExceeded, 'LimitExceededException'],
    ['throttling', throttling, 'Throttling: Rate exceeded'],
    ['ServiceFailure', serviceFailure, 'ServiceFailureException'],
    ['no answer', networkError('ETIMEDOUT'), 'ETIMEDOUT'],
  ])('is taken, with its age and the reason, where a new one ends in %s', async (_, error, why) => {
    script([error], [report]);
    const timing = manualTiming();
    const found = await acquire(timing);
    expect(found).toMatchObject({ content: report.Content, generatedAt: report.GeneratedTime });
    expect(found.notRenewed).toMatch(/^iam:GenerateCredentialReport failed with/);
    expect(found.notRenewed).toContain(why);
    expect(timing.monotonic()).toBeGreaterThanOrEqual(patience * 0.75);
    expect(timing.monotonic()).toBeLessThanOrEqual(patience);
    expect(sent().filter((action) => action === 'Get')).toHaveLength(1);
  });

  it('is taken at once where a new one is denied', async () => {
    script([serviceError('AccessDenied', 403)], [report]);
    const timing = manualTiming();
    expect((await acquire(timing)).notRenewed).toContain('the caller lacks iam:GenerateCredentialReport');
    expect(timing.sleeps).toEqual([]);
  });

  it.each<[string, Error]>([
    ['throttled', throttling],
    ['being made', inProgress],
  ])('is asked for again where it is %s', async (_, answer) => {
    script([limitExceeded], [answer, report]);
    await expect(acquire()).resolves.toMatchObject({ content: report.Content });
  });

  it('is not asked for where a new one comes late, but comes', async () => {
    script([...Array.from({ length: 5 }, () => limitExceeded), 'COMPLETE'], [report]);
    expect((await acquire()).notRenewed).toBeUndefined();
  });
});

describe('acquireReport: what waiting does not cure', () => {
  it.each([
    ['iam:GenerateCredentialReport', [serviceError('AccessDenied', 403)], [notPresent], 2],
    ['iam:GenerateCredentialReport', [serviceError('AccessDenied', 403)], [serviceError('AccessDenied', 403)], 2],
    ['iam:GetCredentialReport', ['COMPLETE'], [serviceError('AccessDenied', 403)], 2],
  ])('names %s at once when it is denied', async (action, generateAnswers, getAnswers, requests) => {
    script(generateAnswers, getAnswers);
    const timing = manualTiming();
    const error = await failure(timing);
    expect(error.code).toBe('AccessDenied');
    expect(error.message).toContain(`the caller lacks ${action}`);
    expect(error.hint).toContain(action);
    expect(sent()).toHaveLength(requests);
    expect(timing.sleeps).toEqual([]);
  });

  it.each<[string, Error, string]>([
    [
      'an expired token',
      serviceError('ExpiredToken', 403, 'The security token included in the request is expired'),
      'CredentialsExpired',
    ],
    ['an unknown key', serviceError('InvalidClientTokenId', 403), 'CredentialsRefused'],
    ['a refused connection', networkError('ECONNREFUSED'), 'EndpointUnreachable'],
    ['an unknown host', networkError('ENOTFOUND', 'getaddrinfo ENOTFOUND iam.invalid'), 'EndpointUnreachable'],
    ['an answer that is not XML', new SyntaxError('Unclosed tag'), 'AwsAnswerUnexpected'],
  ])('ends at once on %s', async (_, thrown, code) => {
    script([thrown], [report]);
    const timing = manualTiming();
    const error = await failure(timing);
    expect(error.code).toBe(code);
    expect(error.cause).toBe(thrown);
    expect(timing.sleeps).toEqual([]);
  });
});

describe('acquireReport: an answer that is no report', () => {
  it.each<[string, object, string]>([
    ['no content', { ...report, Content: undefined }, 'empty report'],
    ['empty content', { ...report, Content: new Uint8Array() }, 'empty report'],
    ['another format', { ...report, ReportFormat: 'text/html' }, 'text/html instead of text/csv'],
    ['no format', { ...report, ReportFormat: undefined }, '(none) instead of text/csv'],
    ['no time of generation', { ...report, GeneratedTime: undefined }, 'without the time'],
    ['an invalid time of generation', { ...report, GeneratedTime: new Date(Number.NaN) }, 'without the time'],
  ])('is an error: %s', async (_, answer, text) => {
    script(['COMPLETE'], [answer]);
    const error = await failure();
    expect(error.code).toBe('ReportUnusable');
    expect(error.message).toContain(text);
  });

  it.each([[{}], [{ State: 'PAUSED' }]])('is an error: Generate answers %j', async (answer) => {
    script([answer], [report]);
    expect((await failure()).code).toBe('ReportUnusable');
  });
});
