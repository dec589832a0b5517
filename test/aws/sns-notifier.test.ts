import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AwsClient, type AwsSession, type ClientSettings, connect } from '../../aws/session.ts';
import { createSnsNotifier, fitSubject } from '../../aws/sns-notifier.ts';
import { serviceError } from '../support/sdk-errors.ts';

const mock = mockClient(SNSClient);
beforeEach(() => {
  mock.reset();
  mock.on(PublishCommand).resolves({ MessageId: 'm' });
});

const topicArn = 'arn:aws:sns:eu-central-1:111122223333:keysweep-alerts';
const notice = { subject: 'keysweep: 1 critical finding', body: 'Look.' };

const session = () => connect({ region: 'us-east-1' });

describe('createSnsNotifier', () => {
  it('publishes subject and body to the topic', async () => {
    await createSnsNotifier(session(), topicArn).publish(notice);
    expect(mock.commandCalls(PublishCommand).map(({ args }) => args[0].input)).toEqual([
      { TopicArn: topicArn, Subject: notice.subject, Message: notice.body },
    ]);
  });

  it("calls the topic's region, not the caller's", async () => {
    const regions: ClientSettings['region'][] = [];
    const spied: AwsSession = {
      ...session(),
      client: <C extends AwsClient>(_: string, Client: new (settings: ClientSettings) => C, region = 'none') => {
        regions.push(region);
        return new Client({ region } as ClientSettings);
      },
    };
    createSnsNotifier(spied, topicArn);
    expect(regions).toEqual(['eu-central-1']);
  });

  it.each([
    ['a word', 'alerts'],
    ['another service', 'arn:aws:sqs:eu-central-1:111122223333:alerts'],
    ['no region', 'arn:aws:sns::111122223333:alerts'],
    ['a subscription', `${topicArn}:6d5f0a3e-0000-0000-0000-000000000000`],
    ['a FIFO topic', `${topicArn}.fifo`],
  ])('refuses %s as a topic', (_, arn) => {
    expect(() => createSnsNotifier(session(), arn)).toThrow(expect.objectContaining({ code: 'TopicInvalid' }));
  });

  it.each([
    ['', 'NoticeEmpty'],
    [' \n', 'NoticeEmpty'],
    ['x'.repeat(262_145), 'NoticeTooLarge'],
    ['ä'.repeat(131_073), 'NoticeTooLarge'],
  ])('does not send what SNS would refuse', async (body, code) => {
    const notifier = createSnsNotifier(session(), topicArn);
    await expect(notifier.publish({ ...notice, body })).rejects.toMatchObject({ code });
    expect(mock.calls()).toHaveLength(0);
  });

  it('sends a body of exactly 256 KiB', async () => {
    await createSnsNotifier(session(), topicArn).publish({ ...notice, body: 'ä'.repeat(131_072) });
    expect(mock.calls()).toHaveLength(1);
  });

  it.each([
    [serviceError('AuthorizationErrorException', 403), 'AccessDenied', 'sns:Publish'],
    [serviceError('NotFoundException', 404, 'Topic does not exist'), 'NotFound', 'Topic does not exist'],
    [serviceError('InternalErrorException', 500), 'ServiceFailure', 'sns:Publish'],
  ])('translates %s', async (error, code, text) => {
    mock.on(PublishCommand).rejects(error);
    await expect(createSnsNotifier(session(), topicArn).publish(notice)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text),
      cause: error,
    });
  });
});

describe('fitSubject', () => {
  it.each([
    ['keysweep: 1 finding', 'keysweep: 1 finding'],
    ['two\r\nlines\tand\u0000more', 'two lines and more'],
    ['  around  ', 'around'],
    ['Zoë – häufig', 'Zo? ? h?ufig'],
    ['\n', 'keysweep'],
    ['x'.repeat(99), 'x'.repeat(99)],
    ['x'.repeat(100), `${'x'.repeat(96)}...`],
  ])('makes %j fit', (subject, fitted) => {
    expect(fitSubject(subject)).toBe(fitted);
  });
});
