import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { connectSandbox } from '../support/aws-sandbox.ts';

async function put(entries: PutEventsRequestEntry[]) {
  const { sandbox, session } = await connectSandbox();
  const answer = session.client('events', EventBridgeClient).send(new PutEventsCommand({ Entries: entries }));
  return { sandbox, answer };
}

const entry = { Source: 'acme', DetailType: 'Something Happened', Detail: '{"a":1}' };

describe('PutEvents', () => {
  it('keeps events for inspection', async () => {
    const { sandbox, answer } = await put([entry, { ...entry, EventBusName: 'default' }]);
    expect(await answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }, {}] });
    const kept = { source: 'acme', detailType: 'Something Happened', detail: { a: 1 } };
    expect(sandbox.busEvents).toMatchObject([kept, kept]);
  });

  it.each([
    ['MalformedDetail', { ...entry, Detail: '{' }],
    ['MalformedDetail', { ...entry, Detail: '[1]' }],
    ['InvalidArgument', { ...entry, Source: '' }],
    ['InvalidArgument', { ...entry, DetailType: undefined }],
    ['NotAuthorizedForSource', { ...entry, EventBusName: 'other' }],
  ])('refuses one entry with %s, in an answer with status 200, and takes the others', async (ErrorCode, wrong) => {
    const { sandbox, answer } = await put([wrong, entry]);
    expect(await answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode }, { EventId: expect.any(String) }],
    });
    expect(sandbox.busEvents).toHaveLength(1);
  });

  it.each([0, 11])('refuses %i entries', async (count) => {
    const { answer } = await put(Array.from({ length: count }, () => entry));
    await expect(answer).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
