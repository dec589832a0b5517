import { IAMClient, ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readAccount } from '../../aws/account.ts';
import { readCaller } from '../../aws/caller.ts';
import { serviceError } from '../support/sdk-errors.ts';

const stsMock = mockClient(STSClient);
const iamMock = mockClient(IAMClient);
beforeEach(() => {
  stsMock.reset();
  iamMock.reset();
  iamMock.on(ListAccountAliasesCommand).resolves({ AccountAliases: ['acme'], IsTruncated: false });
});

const region = 'us-east-1';
const caller = () => readCaller(new STSClient({ region }));
const read = async () => readAccount(await caller(), new IAMClient({ region }));

describe('readAccount', () => {
  it.each([
    ['arn:aws:iam::111122223333:user/alice', 'aws'],
    ['arn:aws-us-gov:sts::111122223333:assumed-role/audit/keysweep', 'aws-us-gov'],
    ['arn:aws-cn:iam::111122223333:root', 'aws-cn'],
  ])('takes the partition from the caller %s', async (Arn, partition) => {
    stsMock.on(GetCallerIdentityCommand).resolves({ Account: '111122223333', Arn });
    await expect(read()).resolves.toEqual({ id: '111122223333', partition, alias: 'acme' });
  });

  it.each<[string, object]>([
    ['has none', { AccountAliases: [], IsTruncated: false }],
    ['gives no list', {}],
  ])('leaves the alias out where the account %s', async (_, answer) => {
    stsMock.on(GetCallerIdentityCommand).resolves({ Account: '111122223333', Arn: 'arn:aws:iam::111122223333:root' });
    iamMock.on(ListAccountAliasesCommand).resolves(answer);
    expect(await read()).toEqual({ id: '111122223333', partition: 'aws' });
  });

  it('does without an alias that it may not read', async () => {
    stsMock.on(GetCallerIdentityCommand).resolves({ Account: '111122223333', Arn: 'arn:aws:iam::111122223333:root' });
    iamMock.on(ListAccountAliasesCommand).rejects(serviceError('AccessDenied', 403));
    expect(await read()).toEqual({ id: '111122223333', partition: 'aws' });
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['no account', { Arn: 'arn:aws:iam::111122223333:root' }],
    ['an account of another form', { Account: 'acme', Arn: 'arn:aws:iam::111122223333:root' }],
    ['no ARN', { Account: '111122223333' }],
  ])('refuses an answer with %s', async (_, answer) => {
    stsMock.on(GetCallerIdentityCommand).resolves(answer);
    await expect(read()).rejects.toMatchObject({ code: 'AwsAnswerUnexpected' });
  });

  it('throws where AWS does not know the caller', async () => {
    stsMock.on(GetCallerIdentityCommand).rejects(serviceError('InvalidClientTokenId', 403));
    await expect(read()).rejects.toMatchObject({ code: 'CredentialsRefused' });
  });
});

describe('readCaller', () => {
  const arn = 'arn:aws:iam::111122223333:root';

  it('asks who calls, and nothing else', async () => {
    stsMock.on(GetCallerIdentityCommand).resolves({ Account: '111122223333', Arn: arn });
    await expect(caller()).resolves.toEqual({ id: '111122223333', partition: 'aws', arn });
    expect(iamMock.calls()).toEqual([]);
  });

  it('refuses an answer of two accounts', async () => {
    stsMock.on(GetCallerIdentityCommand).resolves({ Account: '999988887777', Arn: arn });
    await expect(caller()).rejects.toMatchObject({ code: 'AccountMismatch' });
  });
});
