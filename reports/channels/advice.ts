/** What to do about a channel, with the command for it where one command does it. */
import type { Channel } from '../../core/channels/judge.ts';
import type { TopicCheck } from '../../core/channels/topic-check.ts';
import type { ShellCommand } from '../shell-command.ts';
import { topicCommand } from './commands.ts';

export interface Advice {
  readonly text: string;
  readonly command?: ShellCommand;
}

/** Undefined where nothing is to be done. */
export function adviceOn(channel: Channel, { topicArn, unsubscribed }: TopicCheck): Advice | undefined {
  const { kind, endpoint, state, reach, configured } = channel;
  switch (state) {
    case 'pending':
      return {
        text: 'confirm it with the link in the message from AWS; to have that message sent again:',
        command: subscribeCommand(topicArn, channel),
      };
    case 'deleted':
    case 'missing':
      if (unsubscribed.some((address) => address.toLowerCase() === endpoint.toLowerCase())) {
        return { text: 'subscribe it again:', command: ['keysweep channels', `--topic-arn ${topicArn}`, '--fix'] };
      }
      return configured ? adviceOnAbsent(channel, topicArn) : undefined;
    case 'confirmed':
      break;
  }
  if (reach === 'unknown') return { text: 'allow the caller sns:GetSubscriptionAttributes, or try again' };
  if (reach === 'no') return adviceOnUnread(channel, topicArn);
  if (kind !== 'email' || configured) return undefined;
  return { text: 'deployment.email does not name it: list it there, or unsubscribe it' };
}

function adviceOnAbsent(channel: Channel, topicArn: string): Advice {
  switch (channel.kind) {
    case 'chat':
      return {
        text: 'deploy the Slack channel again, or add the topic to the configuration that deployment.slackConfiguration names; check that its workspace is authorized for Amazon Q Developer',
      };
    case 'forwarder':
      return { text: 'subscribe the function again:', command: subscribeCommand(topicArn, channel) };
    default:
      return {
        text: 'if this topic should have it, subscribe it; if no topic should have it, remove it from notices.channels:',
        command: subscribeCommand(topicArn, channel),
      };
  }
}

/** It is subscribed, and what it takes does not count. */
function adviceOnUnread({ kind, arn }: Channel, topicArn: string): Advice {
  if (kind === 'other') return { text: 'if people read what arrives there, declare it in notices.channels' };
  return {
    text: 'declare it in notices.channels and let it pass every `kind` of message, or remove the filter policy:',
    ...(arn !== undefined && {
      command: topicCommand(topicArn, 'set-subscription-attributes', [
        ['subscription-arn', arn],
        ['attribute-name', 'FilterPolicy'],
        ['attribute-value', '{}'],
      ]),
    }),
  };
}

/** Asks for a subscription; of one that is pending, for another message. */
export function subscribeCommand(topicArn: string, { protocol, endpoint }: Channel): ShellCommand {
  return topicCommand(topicArn, 'subscribe', [
    ['topic-arn', topicArn],
    ['protocol', protocol],
    ['notification-endpoint', endpoint],
  ]);
}
