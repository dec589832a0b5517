import { IAMClient } from '@aws-sdk/client-iam';
import type { Counterpart } from '../counterpart.ts';
import { fillMoto } from './fill.ts';
import type { MotoServer } from './server.ts';

/** moto takes any credentials. */
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const region = 'us-east-1';

/** One moto for all accounts: opening an account forgets the one before. */
export function motoCounterpart(moto: MotoServer): Counterpart {
  return {
    name: 'moto',
    open: async (account) => {
      await moto.reset();
      const iam = new IAMClient({ endpoint: moto.url, region, credentials, maxAttempts: 1 });
      try {
        const keyIds = await fillMoto(iam, moto, account);
        return {
          endpointUrl: moto.url,
          region,
          credentials,
          accessKeyIds: (userName) => keyIds.get(userName) ?? [],
          now: () => new Date(),
          close: async () => {},
        };
      } finally {
        iam.destroy();
      }
    },
  };
}
