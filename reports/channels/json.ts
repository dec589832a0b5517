import type { Channel } from '../../core/channels/judge.ts';
import { whyUnreached } from '../../core/channels/reach.ts';
import { isSound, type TopicCheck } from '../../core/channels/topic-check.ts';
import { isSoundKey, type KeyCheck } from '../../core/key-policy/judge.ts';
import { principalOf } from '../../core/key-policy/uses.ts';
import { jsonText } from '../json-text.ts';
import { adviceOn } from './advice.ts';
import { confirmCommand } from './commands.ts';
import type { ChannelsDocument } from './document.ts';

/** As JSON of schema `keysweep/channels/v1` (docs/schemas/channels-v1.schema.json). */
export function renderChannelsJson({ account, asOf, topics, subscribed, key, problems }: ChannelsDocument): string {
  return jsonText({
    schema: 'keysweep/channels/v1',
    account: { id: account.id, partition: account.partition },
    asOf,
    sound: topics.every(isSound) && (key === undefined || isSoundKey(key)) && problems.length === 0,
    topics: topics.map(topicAsData),
    subscribed: subscribed.map(({ topicArn, endpoint }) => ({ topicArn, protocol: 'email', endpoint })),
    key: key && keyAsData(key),
    problems,
  });
}

function keyAsData(check: KeyCheck): object {
  const { keyArn } = check;
  if ('unread' in check) return { keyArn, checked: false, why: check.unread, uses: [] };
  return {
    keyArn,
    checked: true,
    uses: check.uses.map((one) => {
      const { use, verdict, why, without, statement } = one;
      return { use, principal: principalOf(one), verdict, why, without, statement };
    }),
  };
}

function topicAsData(check: TopicCheck): object {
  const { topicArn, verdict, reach } = check;
  const channels = reach.known ? reach.channels : [];
  return {
    topicArn,
    verdict,
    sound: isSound(check),
    why: verdict === 'reached' ? undefined : whyUnreached(reach),
    channels: channels.map((channel) => channelAsData(channel, check)),
    confirmCommand: channels.some((one) => one.opensToUnsubscribe) ? confirmCommand(topicArn).join(' ') : undefined,
  };
}

function channelAsData(channel: Channel, check: TopicCheck): object {
  const { kind, protocol, endpoint, state, reach, configured, why, arn, opensToUnsubscribe } = channel;
  const advice = adviceOn(channel, check);
  return {
    kind,
    protocol,
    endpoint,
    state,
    reach,
    configured,
    why,
    advice: advice?.text,
    command: advice?.command?.join(' '),
    subscriptionArn: arn,
    endsWithoutSignIn: opensToUnsubscribe,
  };
}
