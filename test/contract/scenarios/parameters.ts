import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';

export const parameterScenarios: ScenarioGroup = {
  title: 'parameters of Systems Manager',
  scenarios: [
    {
      name: 'those directly below a path are listed with their values, without those deeper or beside it',
      run: async (world) => {
        for (const name of ['/acme/one/a', '/acme/one/b', '/acme/one/deep/c', '/acme/one-more/d'])
          await put(world, name);
        expect(await below(world, '/acme/one')).toEqual({
          '/acme/one/a': 'value of /acme/one/a',
          '/acme/one/b': 'value of /acme/one/b',
        });
        expect(await below(world, '/acme/none')).toEqual({});
      },
    },
    {
      name: 'more than ten come on several pages',
      run: async (world) => {
        for (let at = 10; at < 23; at++) await put(world, `/acme/many/${at}`);
        const page = await client(world).send(new GetParametersByPathCommand({ Path: '/acme/many' }));
        expect(page.Parameters).toHaveLength(10);
        expect(Object.keys(await below(world, '/acme/many'))).toHaveLength(13);
      },
    },
  ],
};

function client({ session }: World): SSMClient {
  return session.client('ssm', SSMClient);
}

async function put(world: World, Name: string): Promise<void> {
  await client(world).send(new PutParameterCommand({ Name, Value: `value of ${Name}`, Type: 'String' }));
}

async function below(world: World, Path: string): Promise<Readonly<Record<string, string | undefined>>> {
  const found: Record<string, string | undefined> = {};
  let NextToken: string | undefined;
  do {
    const page = await client(world).send(new GetParametersByPathCommand({ Path, NextToken }));
    for (const { Name = '', Value } of page.Parameters ?? []) found[Name] = Value;
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return found;
}
