import { type CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { GetUserCommand, ListUsersCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { aliceKey, openSandbox, smallNow } from '../support/sandbox-clients.ts';

const minute = 60_000;
const day = 86_400_000;
const generous = { rateLimits: [{ action: 'cloudtrail:LookupEvents', perSecond: 1000 }] };

async function lookup(client: CloudTrailClient, input: LookupEventsCommandInput = {}) {
  return (await client.send(new LookupEventsCommand(input))).Events ?? [];
}

function by(
  AttributeKey: 'AccessKeyId' | 'EventName' | 'Username' | 'ReadOnly' | 'ResourceName',
  AttributeValue: string,
) {
  return { LookupAttributes: [{ AttributeKey, AttributeValue }] };
}

describe('LookupEvents', () => {
  it('shows events only after the delay', async () => {
    const { sandbox, cloudtrail, iam } = await openSandbox(generous);
    await iam.send(new ListUsersCommand({}));
    sandbox.clock.advance(5 * minute - 1);
    expect(await lookup(cloudtrail, by('EventName', 'ListUsers'))).toEqual([]);
    sandbox.clock.advance(1);
    const [event] = await lookup(cloudtrail, by('EventName', 'ListUsers'));
    expect(event).toMatchObject({
      EventName: 'ListUsers',
      EventSource: 'iam.amazonaws.com',
      EventTime: smallNow,
      ReadOnly: 'true',
      Username: 'operator',
      AccessKeyId: sandbox.credentials.accessKeyId,
    });
    expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
      userIdentity: { type: 'AssumedRole', accountId: '111122223333' },
      eventTime: '2026-11-20T02:30:00Z',
      awsRegion: 'us-east-1',
      eventID: event?.EventId,
    });
  });

  it('knows the uses in the seed, in the region where they happened', async () => {
    const { cloudtrail, sandbox } = await openSandbox(generous);
    expect(await lookup(cloudtrail, by('AccessKeyId', aliceKey))).toMatchObject([
      { EventSource: 's3.amazonaws.com', EventTime: new Date('2026-11-19T08:00:00Z'), Username: 'alice' },
    ]);
    sandbox.account.useAccessKey(aliceKey, undefined, 'ec2', 'eu-west-1');
    sandbox.clock.advance(5 * minute);
    expect(await lookup(cloudtrail, by('AccessKeyId', aliceKey))).toHaveLength(1);
  });

  it('shows writes with the user as a resource, failed calls with their error', async () => {
    const { sandbox, cloudtrail, iam } = await openSandbox(generous);
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'alice', AccessKeyId: aliceKey, Status: 'Inactive' }));
    await expect(iam.send(new GetUserCommand({ UserName: 'absent' }))).rejects.toThrow();
    sandbox.clock.advance(5 * minute);
    expect(await lookup(cloudtrail, by('ResourceName', 'alice'))).toMatchObject([
      {
        EventName: 'UpdateAccessKey',
        ReadOnly: 'false',
        Resources: [{ ResourceName: 'alice' }, { ResourceName: aliceKey }],
      },
    ]);
    const [failed] = await lookup(cloudtrail, by('EventName', 'GetUser'));
    expect(JSON.parse(failed?.CloudTrailEvent ?? '')).toMatchObject({ errorCode: 'NoSuchEntity' });
  });

  it('forgets after 90 days', async () => {
    const { sandbox, cloudtrail } = await openSandbox(generous);
    const usedAt = new Date('2026-11-19T08:00:00Z').getTime();
    sandbox.clock.set(new Date(usedAt + 90 * day));
    expect(await lookup(cloudtrail, by('AccessKeyId', aliceKey))).toHaveLength(1);
    sandbox.clock.advance(1);
    expect(await lookup(cloudtrail, by('AccessKeyId', aliceKey))).toEqual([]);
  });

  it('gives 50 a page, the newest first', async () => {
    const { sandbox, cloudtrail, iam } = await openSandbox(generous);
    for (let count = 0; count < 60; count++) {
      await iam.send(new ListUsersCommand({}));
      sandbox.clock.advance(1000);
    }
    sandbox.clock.advance(5 * minute);
    const first = await cloudtrail.send(new LookupEventsCommand(by('EventName', 'ListUsers')));
    expect(first.Events).toHaveLength(50);
    const next = { ...by('EventName', 'ListUsers'), NextToken: first.NextToken };
    const second = await cloudtrail.send(new LookupEventsCommand(next));
    expect(second.NextToken).toBeUndefined();
    const times = [...(first.Events ?? []), ...(second.Events ?? [])].map((event) => event.EventTime?.getTime() ?? 0);
    expect(times).toEqual(Array.from({ length: 60 }, (_, index) => smallNow.getTime() + (59 - index) * 1000));
  });

  it('looks between two times', async () => {
    const { cloudtrail } = await openSandbox(generous);
    const at = new Date('2026-11-19T08:00:00Z');
    const key = by('AccessKeyId', aliceKey);
    expect(await lookup(cloudtrail, { ...key, StartTime: at, EndTime: at })).toHaveLength(1);
    expect(await lookup(cloudtrail, { ...key, StartTime: new Date(at.getTime() + 1000) })).toEqual([]);
    expect(await lookup(cloudtrail, { ...key, EndTime: new Date(at.getTime() - 1000) })).toEqual([]);
  });

  it.each([
    [
      'two attributes',
      { LookupAttributes: [by('EventName', 'x'), by('Username', 'y')].flatMap((one) => one.LookupAttributes) },
      'InvalidLookupAttributesException',
    ],
    ['51 results', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    ['a token that is none', { NextToken: 'nonsense' }, 'InvalidNextTokenException'],
    ['an end before the start', { StartTime: new Date(2000), EndTime: new Date(1000) }, 'InvalidTimeRangeException'],
  ])('refuses %s', async (_case, input, name) => {
    const { cloudtrail } = await openSandbox(generous);
    await expect(lookup(cloudtrail, input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it('allows 2 requests a second', async () => {
    const { cloudtrail } = await openSandbox({ timeSource: () => 0 });
    await lookup(cloudtrail);
    await lookup(cloudtrail);
    await expect(lookup(cloudtrail)).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    });
  });
});
