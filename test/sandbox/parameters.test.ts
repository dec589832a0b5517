import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { connectSandbox } from '../support/aws-sandbox.ts';

async function open() {
  const { sandbox, session } = await connectSandbox();
  const ssm = session.client('ssm', SSMClient, { maxAttempts: 1 });
  const put = (Name: string, Overwrite = false) => {
    return ssm.send(new PutParameterCommand({ Name, Value: `value of ${Name}`, Type: 'String', Overwrite }));
  };
  const below = (Path: string, NextToken?: string) => ssm.send(new GetParametersByPathCommand({ Path, NextToken }));
  return { sandbox, put, below };
}

describe('the Parameter Store', () => {
  it('lists what is directly below a path, and nothing of another region', async () => {
    const { sandbox, put, below } = await open();
    for (const name of ['/acme/one/b', '/acme/one/a', '/acme/one/deep/c', '/acme/one-more/d']) await put(name);
    sandbox.parameters.put('eu-west-1', '/acme/one/e', 'elsewhere');
    const { Parameters = [], NextToken } = await below('/acme/one');
    expect(NextToken).toBeUndefined();
    expect(Parameters).toMatchObject([
      {
        Name: '/acme/one/a',
        Value: 'value of /acme/one/a',
        ARN: `arn:aws:ssm:us-east-1:${sandbox.account.id}:parameter/acme/one/a`,
      },
      { Name: '/acme/one/b' },
    ]);
  });

  it('gives pages of ten', async () => {
    const { put, below } = await open();
    for (let at = 10; at < 22; at++) await put(`/acme/${at}`);
    const first = await below('/acme/');
    const second = await below('/acme/', first.NextToken);
    expect([first.Parameters?.length, second.Parameters?.length, second.NextToken]).toEqual([10, 2, undefined]);
  });

  it('overwrites only where asked to', async () => {
    const { put } = await open();
    await put('/acme/a');
    await expect(put('/acme/a')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    await expect(put('/acme/a', true)).resolves.toMatchObject({ Tier: 'Standard' });
  });

  it('wants a path', async () => {
    await expect((await open()).below('acme')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
