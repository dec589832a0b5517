import { ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { openSandbox, smallAccount } from '../support/sandbox-clients.ts';

const arn = 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3';
const seed = {
  ...smallAccount,
  users: ['Carl', 'alice', 'bob'].map((name) => ({ name, attachedPolicies: ['AWSCompromisedKeyQuarantineV3'] })),
  groups: [{ name: 'g', attachedPolicies: [arn] }],
};

describe('ListEntitiesForPolicy', () => {
  it('gives users, groups and roles', async () => {
    const { iam } = await openSandbox({ seed });
    const answer = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn }));
    expect(answer.PolicyUsers).toEqual(
      ['alice', 'bob', 'Carl'].map((UserName) => ({ UserName, UserId: expect.stringMatching(/^AIDA/) })),
    );
    expect(answer.PolicyGroups).toEqual([{ GroupName: 'g', GroupId: expect.stringMatching(/^AGPA/) }]);
    expect(answer.PolicyRoles).toEqual([]);
  });

  it('pages, and knows EntityFilter', async () => {
    const { iam } = await openSandbox({ seed });
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const request = { PolicyArn: arn, EntityFilter: 'User' as const, MaxItems: 2, ...(Marker && { Marker }) };
      const page = await iam.send(new ListEntitiesForPolicyCommand(request));
      names.push(...(page.PolicyUsers ?? []).map(({ UserName }) => UserName));
      expect(page.PolicyGroups).toEqual([]);
      Marker = page.IsTruncated ? page.Marker : undefined;
    } while (Marker !== undefined);
    expect(names).toEqual(['alice', 'bob', 'Carl']);
  });

  it('a policy that exists and is attached to no one has empty lists', async () => {
    const { iam } = await openSandbox();
    const answer = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn }));
    expect(answer).toMatchObject({ PolicyUsers: [], PolicyGroups: [], PolicyRoles: [], IsTruncated: false });
  });

  it.each(['arn:aws:iam::aws:policy/NoSuchPolicy', 'arn:aws-cn:iam::aws:policy/AWSCompromisedKeyQuarantine'])(
    '%s does not exist here: NoSuchEntity, 404',
    async (PolicyArn) => {
      const { iam } = await openSandbox();
      await expect(iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
        name: 'NoSuchEntityException',
        $metadata: { httpStatusCode: 404 },
      });
    },
  );
});
