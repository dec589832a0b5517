import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { InstallationParameter } from '../core/installation/choose-installation.ts';
import { installationsPath } from '../core/installation/installation.ts';
import type { LiveRead } from '../core/ports.ts';
import { everyPage, liveRead, required } from './live-read.ts';
import type { AwsSession } from './session.ts';

/** The parameters of the installations in a region of the session's account; usually one. Never throws. */
export async function readInstallationParameters(
  session: AwsSession,
  region: string,
): Promise<LiveRead<readonly InstallationParameter[]>> {
  // Where it does not answer, as in a network without an endpoint for it, a person is waiting.
  const ssm = session.client('ssm', SSMClient, { region, maxAttempts: 3 });
  return liveRead('ssm:GetParametersByPath', async () => {
    const pages = everyPage(async (NextToken) => {
      const page = await ssm.send(new GetParametersByPathCommand({ Path: installationsPath, NextToken }));
      return { items: page.Parameters ?? [], IsTruncated: Boolean(page.NextToken), Marker: page.NextToken };
    });
    const found: InstallationParameter[] = [];
    for await (const items of pages) {
      for (const { Name, Value } of items)
        found.push({ name: required(Name, 'Name'), value: required(Value, 'Value') });
    }
    return found;
  });
}
