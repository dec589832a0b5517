/** Nights of the real handlers over the sandbox on which each of them does everything that it can do. */
import { DAY } from '../../core/duration.ts';
import type { Mode, Policy } from '../../core/policy/policy.ts';
import { handler as auditor } from '../../lambda/auditor/index.ts';
import { handler as rotator } from '../../lambda/rotator/index.ts';
import type { AccountSeed, Sandbox } from '../../sandbox/index.ts';
import { type ApiCall, apiCalls } from './api-calls.ts';
import { deployService, type Handlers, type Invocation } from './deployed-service.ts';
import { account, enforcePolicy, fewKeys, oldKey } from './sweep-world.ts';

export interface RecordedCalls {
  readonly auditor: readonly ApiCall[];
  readonly rotator: readonly ApiCall[];
}

/** One user whose tags cost one request of their own, one who may have been deleted, and a root key, which is an alert. */
const loner: AccountSeed = {
  id: account,
  root: { accessKeys: [{ createdAt: '2026-01-01T00:00:00Z' }] },
  users: [
    {
      name: 'lena',
      path: '/machines/',
      accessKeys: [{ createdAt: '2026-01-01T00:00:00Z' }],
      tags: { kind: 'machine' },
    },
    { name: 'mia', password: { lastUsed: '2026-11-01T10:00:00Z' } },
  ],
};

/** The days of notices, changes, what people do by hand in between, and the deletions 30 days after. */
const nights = [0, 13, 14, 15, 16, 44, 45, 46];
/** On the first day a person deactivates a key, then its user gets another name, then everything is reactivated. */
const handwork = { off: 13, rename: 14, on: 15 };

/** Tags decide, and a cap makes the rank decide. */
function policyOf(mode: Mode): Policy {
  return enforcePolicy({
    mode,
    limits: { ...enforcePolicy().limits, maxDeactivations: { count: 1 } },
    overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys: { maxIdle: 60 * DAY } }],
  });
}

/** What auditor and rotator called in one mode, each call once. */
export async function recordCalls(mode: Mode): Promise<RecordedCalls> {
  const handlers = { auditor, rotator } as unknown as Handlers;
  const policy = policyOf(mode);
  const calls: { auditor: ApiCall[]; rotator: ApiCall[] } = { auditor: [], rotator: [] };
  for (const { seed, days } of [
    { seed: loner, days: [0] },
    { seed: fewKeys, days: nights },
  ]) {
    const service = await deployService(handlers, { policy, seed });
    const { sandbox } = service;
    let today = 0;
    for (const day of days) {
      service.pass(day - today);
      today = day;
      if (day === handwork.off && seed === fewKeys) sandbox.account.setAccessKeyStatus(oldKey, 'Inactive');
      if (day === handwork.rename && seed === fewKeys) sandbox.account.updateUser('carol', { name: 'caroline' });
      if (day === handwork.on) reactivateAll(sandbox);
      expectDone(await service.audit());
      calls.auditor.push(...apiCalls(sandbox, sandbox.requests));
      sandbox.clearRequests();
      expectDone(await service.rotate(service.completed().at(-1)));
      calls.rotator.push(...apiCalls(sandbox, sandbox.requests));
    }
  }
  return { auditor: unique(calls.auditor), rotator: unique(calls.rotator) };
}

/** A person brings back what was deactivated. */
function reactivateAll({ account: own }: Sandbox): void {
  for (const { accessKeys } of own.users()) {
    for (const { id, status } of [...accessKeys]) if (status === 'Inactive') own.setAccessKeyStatus(id, 'Active');
  }
}

function expectDone({ deadLetter }: Invocation): void {
  if (deadLetter !== undefined) throw deadLetter.error;
}

function unique(calls: readonly ApiCall[]): readonly ApiCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}
