/** Who goes first where a cap bites: exposed and privileged users, read only then. */
import { describe, expect, it } from 'vitest';
import { dueKey, type MixedNightOptions, openMixedNight, secondDueKey } from '../../support/mixed-night.ts';
import { actionsOf, enforcePolicy } from '../../support/sweep-world.ts';

const policy = enforcePolicy();
const withCap = (count: number) => enforcePolicy({ limits: { ...policy.limits, maxDeactivations: { count } } });
const detailReads = (requests: Readonly<Record<string, number>>) => requests['iam:GetAccountAuthorizationDetails'] ?? 0;

/** Two keys are due, and one may be deactivated. Of itself alice’s goes first, because it was idle for longer. */
async function sweepCapped(options: MixedNightOptions = {}) {
  const world = await openMixedNight(options);
  const result = await world.sweep(withCap(1));
  const off = world.changes().filter((change) => change.startsWith('Inactive '));
  const deferred = result.skipped.find(({ skipReason }) => skipReason === 'cap');
  return { world, result, off, deferred };
}

describe('a cap that lets one of two pass', () => {
  it.each<[string, MixedNightOptions, string]>([
    ['no one stands out', {}, dueKey],
    ['ivan is exposed', { risks: { ivan: { attachedPolicies: ['AWSCompromisedKeyQuarantineV3'] } } }, secondDueKey],
    ['ivan is privileged', { risks: { ivan: { attachedPolicies: ['IAMFullAccess'] } } }, secondDueKey],
    [
      'ivan is privileged by a group',
      {
        risks: { ivan: { groups: ['platform'] } },
        groups: [{ name: 'platform', attachedPolicies: ['AdministratorAccess'] }],
      },
      secondDueKey,
    ],
    [
      'alice is privileged, ivan exposed',
      {
        risks: {
          alice: { attachedPolicies: ['AdministratorAccess'] },
          ivan: { attachedPolicies: ['AWSCompromisedKeyQuarantineV3'] },
        },
      },
      secondDueKey,
    ],
  ])('%s', async (_, options, first) => {
    const { off, result, deferred } = await sweepCapped(options);
    expect(off).toEqual([`Inactive ${first}`]);
    expect(deferred?.credential.id).toBe(first === dueKey ? secondDueKey : dueKey);
    expect(result.outcome).toBe('complete');
  });

  it('the plan says the same, and of a key that has to wait that its user is privileged', async () => {
    const risks = {
      alice: { attachedPolicies: ['AdministratorAccess'] },
      ivan: { attachedPolicies: ['AWSCompromisedKeyQuarantineV3'] },
    };
    const world = await openMixedNight({ risks });
    const dry = await world.sweep(withCap(1), {}, { enforce: false });
    expect(actionsOf(dry)).toContain(`deactivate ${secondDueKey} planned`);
    expect(dry.skipped.find(({ skipReason }) => skipReason === 'cap')).toMatchObject({
      credential: { id: dueKey },
      why: 'deferred: maxDeactivations allows 1 of 2; its user is privileged',
    });
  });

  it('who is at risk is read once; where that is denied, the longest idle is changed first and the sweep says so', async () => {
    const world = await openMixedNight({ risks: { ivan: { attachedPolicies: ['AdministratorAccess'] } } });
    const snapshot = await world.auditNow(policy);
    world.sandbox.faults.add({ action: 'iam:GetAccountAuthorizationDetails', kind: 'denied' });
    const result = await world.rotateBy(snapshot, withCap(1));
    expect(result.outcome).toBe('complete');
    expect(world.changes()).toContain(`Inactive ${dueKey}`);
    expect(world.changes()).toHaveLength(2);
    const deferred = result.skipped.find(({ skipReason }) => skipReason === 'cap');
    expect(deferred).toMatchObject({
      credential: { id: secondDueKey },
      why: expect.stringMatching(
        /could not be read whether its user is exposed or privileged: AccessDenied: the caller lacks iam:GetAccountAuthorizationDetails/,
      ),
    });
  });
});

describe('the requests that it costs', () => {
  it.each([
    ['a cap bites', 1, 1],
    ['the cap lets all pass', 2, 0],
    ['the cap lets none pass', 0, 0],
  ])('%s', async (_, count, reads) => {
    const world = await openMixedNight();
    // A dry run looks up no owners, which costs such a read as well.
    const dry = await world.sweep(withCap(count), {}, { enforce: false });
    expect(detailReads(dry.stats.requests)).toBe(reads);
  });

  it('a second run of the night, whose cap is used up, costs none', async () => {
    const { world } = await sweepCapped();
    const again = await world.sweep(withCap(1));
    expect(again.actions).toEqual([]);
    expect(detailReads(again.stats.requests)).toBe(0);
  });
});
