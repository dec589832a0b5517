import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AwsClient,
  type AwsSession,
  type ClientOptions,
  type ClientSettings,
  connect,
} from '../../aws/session.ts';
import { createSnsNotifier, fitSubject } from '../../aws/sns-notifier.ts';
import { noticeData, noticeOf } from '../support/notice.ts';
import { serviceError } from '../support/sdk-errors.ts';

const mock = mockClient(SNSClient);
beforeEach(() => {
  mock.reset();
  mock.on(PublishCommand).resolves({ MessageId: 'm' });
});

const topicArn = 'arn:aws:sns:eu-central-1:111122223333:keysweep-alerts';
const notice = noticeOf();

const session = () => connect({ region: 'us-east-1' });

const published = () => mock.commandCalls(PublishCommand).map(({ args }) => args[0].input);

/** Of the message and its attributes, as SNS counts them. */
function bytesPublished(): number {
  const [{ Message = '', MessageAttributes = {} } = {}] = published();
  const attributes = Object.entries(MessageAttributes).flatMap(([name, { DataType, StringValue }]) => [
    name,
    DataType,
    StringValue,
  ]);
  return Buffer.byteLength(Message + attributes.join(''));
}

describe('createSnsNotifier', () => {
  it('publishes one message with a text for each protocol', async () => {
    await createSnsNotifier(session(), topicArn).publish(notice);
    expect(published()).toMatchObject([{ TopicArn: topicArn, Subject: notice.subject, MessageStructure: 'json' }]);
    const texts = JSON.parse(published()[0]?.Message ?? '');
    expect(Object.keys(texts).toSorted()).toEqual(['default', 'email', 'https', 'sms']);
    expect(texts).toMatchObject({ email: notice.body, sms: notice.subject });
    expect(JSON.parse(texts.default)).toEqual(notice.data);
  });

  it('gives https subscribers a custom notification of Amazon Q Developer', async () => {
    await createSnsNotifier(session(), topicArn).publish(notice);
    const { https } = JSON.parse(published()[0]?.Message ?? '');
    expect(JSON.parse(https)).toEqual({
      version: '1.0',
      source: 'custom',
      id: notice.data.id,
      content: {
        textType: 'client-markdown',
        title: 'Look',
        description: 'at it',
        nextSteps: [],
        keywords: ['keysweep'],
      },
      metadata: {
        threadId: notice.data.thread,
        summary: '1 critical finding',
        eventType: 'keysweep-alert',
        relatedResources: ['arn:aws:iam::111122223333:root'],
        additionalContext: { kind: 'alert', severity: 'critical', account: '111122223333' },
      },
    });
  });

  it('has attributes for filter policies', async () => {
    await createSnsNotifier(session(), topicArn).publish(notice);
    expect(published()[0]?.MessageAttributes).toEqual({
      kind: { DataType: 'String', StringValue: 'alert' },
      severity: { DataType: 'String', StringValue: 'critical' },
      account: { DataType: 'String', StringValue: '111122223333' },
    });
  });

  it('gives filter policies the number of new findings in an alert', async () => {
    await createSnsNotifier(session(), topicArn).publish(noticeOf({ data: noticeData({ newFindings: 0 }) }));
    expect(published()[0]?.MessageAttributes).toMatchObject({ newFindings: { DataType: 'Number', StringValue: '0' } });
  });

  it("calls the topic's region, not the caller's", async () => {
    const regions: ClientSettings['region'][] = [];
    const spied: AwsSession = {
      ...session(),
      client: <C extends AwsClient>(
        _: string,
        Client: new (settings: ClientSettings) => C,
        { region = 'none' }: ClientOptions = {},
      ) => {
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

  it.each(['', ' \n'])('sends no notice without a body: %j', async (body) => {
    const publish = createSnsNotifier(session(), topicArn).publish({ ...notice, body });
    await expect(publish).rejects.toMatchObject({ code: 'NoticeEmpty' });
    expect(mock.calls()).toHaveLength(0);
  });

  it.each([
    ['line breaks, of two bytes each', '\n', 2],
    ['letters of two bytes', 'ä', 2],
    ['letters of one byte', 'x', 1],
  ])('sends 256 KiB in all, and not a byte more: %s', async (_, character, bytes) => {
    await createSnsNotifier(session(), topicArn).publish({ ...notice, body: 'x' });
    const room = 256 * 1024 - bytesPublished();
    const largest = `x${character.repeat(Math.floor(room / bytes))}${'x'.repeat(room % bytes)}`;
    mock.resetHistory();
    await createSnsNotifier(session(), topicArn).publish({ ...notice, body: largest });
    expect(bytesPublished()).toBe(256 * 1024);
    await expect(
      createSnsNotifier(session(), topicArn).publish({ ...notice, body: `${largest}x` }),
    ).rejects.toMatchObject({ code: 'NoticeTooLarge', message: expect.stringContaining('262145 bytes') });
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
