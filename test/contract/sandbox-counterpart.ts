import { startSandbox } from '../../sandbox/index.ts';
import type { Counterpart } from './counterpart.ts';

/** The project's own sandbox, one for each account. */
export const sandboxCounterpart: Counterpart = {
  name: 'sandbox',
  open: async (account) => {
    const sandbox = await startSandbox({ seed: account, subscriptionConfirmation: 'handshake' });
    const keyIds = new Map(
      sandbox.account.users().map(({ name, accessKeys }) => [name, accessKeys.map(({ id }) => id)]),
    );
    return {
      endpointUrl: sandbox.url,
      region: sandbox.region,
      credentials: sandbox.credentials,
      accessKeyIds: (userName) => keyIds.get(userName) ?? [],
      now: () => sandbox.clock.now(),
      close: () => sandbox.close(),
    };
  },
};
