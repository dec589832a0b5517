import { createColors } from 'picocolors';
import type { Channel, ChannelReach } from '../../core/channels/judge.ts';
import { nameOf, type ReachVerdict, whyUnreached } from '../../core/channels/reach.ts';
import { isSound, type TopicCheck } from '../../core/channels/topic-check.ts';
import { printable } from '../printable.ts';
import type { TextStyle } from '../table.ts';
import { pad, wrap } from '../text-layout.ts';
import { counted, timeInWords } from '../words.ts';
import { adviceOn, subscribeCommand } from './advice.ts';
import { confirmCommand, topicCommand } from './commands.ts';
import type { ChannelsDocument } from './document.ts';
import { keyLines } from './key-lines.ts';
import { commandIn, indented } from './lines.ts';

const reachesCells = 11;
const stateCells = 22;

/** The channels of topics for people: who is reached, every channel with its state and why it counts, and what to do. */
export function renderChannelsTable(
  { account, asOf, topics, subscribed, key }: ChannelsDocument,
  style: TextStyle,
): string {
  const width = Math.min(Math.max(style.width, 60), 110);
  const colors = createColors(style.color);
  const title = `Channels of SNS topics, AWS account ${account.id}, as of ${timeInWords(asOf)}`;
  const done = subscribed.map(({ topicArn, endpoint }) => {
    return `Subscribed ${printable(endpoint)} to ${topicArn}: it must be confirmed with the message that AWS sends there.`;
  });
  const blocks = [
    [colors.bold(title)],
    done.flatMap((text) => wrap(text, width)),
    ...topics.map((check) => {
      const paint = isSound(check) ? colors.green : colors.yellow;
      return [
        ...wrap(`TOPIC ${check.topicArn}`, width).map(colors.bold),
        ...indented(verdictInWords(check), 2, width).map(paint),
        ...channelLines(check, width),
        ...signInLines(check, width),
      ];
    }),
    key === undefined ? [] : keyLines(key, width, colors),
  ];
  const texts = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function verdictInWords({ verdict, silent, reach }: TopicCheck): string {
  if (verdict === 'unknown') return sentence(whyUnreached(reach));
  const rest =
    silent.length === 0 ? '' : `, but ${counted(silent.length, 'configured channel')} may not get the messages`;
  return `${verdicts[verdict]}${rest}.`;
}

const verdicts: Readonly<Record<Exclude<ReachVerdict, 'unknown'>, string>> = {
  reached: 'People are reached',
  forwarder: 'Only the forwarder to Slack is subscribed: whether it posts is known once a message is sent',
  maybe: 'Whether people are reached depends on the message',
  'no-one': 'No one is reached: no notice counts, no clock starts, nothing is changed',
};

function channelLines(check: TopicCheck, width: number): readonly string[] {
  if (!check.reach.known) return [];
  if (check.reach.channels.length === 0) return ['  There are no subscriptions.'];
  const heading = `  ${pad('REACHES', reachesCells)}${pad('STATE', stateCells)}CHANNEL`;
  return [heading, ...check.reach.channels.flatMap((channel) => rowsOf(channel, check, width))];
}

function rowsOf(channel: Channel, check: TopicCheck, width: number): readonly string[] {
  const start = 2 + reachesCells;
  const front = `  ${pad(reaches[channel.reach], reachesCells)}${pad(states[channel.state], stateCells)}`;
  const [name = '', ...rest] = wrap(printable(nameOf(channel)), width - front.length);
  const advice = adviceOn(channel, check);
  return [
    front + name,
    ...rest.map((line) => ' '.repeat(front.length) + line),
    ...indented(printable(channel.why), start, width),
    ...(advice === undefined ? [] : indented(`Fix: ${advice.text}`, start, width)),
    ...(advice?.command === undefined ? [] : commandIn(advice.command, start, width)),
  ];
}

const reaches: Readonly<Record<ChannelReach, string>> = {
  reaches: 'yes',
  forwards: 'if posted',
  'may-reach': 'maybe',
  unnamed: 'not counted',
  no: 'no',
  unknown: 'unknown',
};

const states: Readonly<Record<Channel['state'], string>> = {
  confirmed: 'confirmed',
  pending: 'pending confirmation',
  deleted: 'deleted',
  missing: 'missing',
};

/** Mail scanners that open links have ended subscriptions, and so can anyone who was forwarded a message. */
function signInLines({ topicArn, reach }: TopicCheck, width: number): readonly string[] {
  const open = reach.known ? reach.channels.filter((one) => one.opensToUnsubscribe) : [];
  const [first] = open;
  if (first === undefined) return [];
  const names = open.map((one) => printable(nameOf(one))).join(', ');
  const again = { ...first, endpoint: open.length === 1 ? first.endpoint : 'ADDRESS' };
  const arn = open.length === 1 ? (first.arn ?? 'SUBSCRIPTION_ARN') : 'SUBSCRIPTION_ARN';
  return [
    ...indented(
      `Warning: anyone who has a message sent to ${names} can use its link to unsubscribe, without signing in.`,
      2,
      width,
    ),
    ...indented(
      'To require a sign-in for that, unsubscribe, subscribe again, and confirm with the new token, one address at a time.',
      2,
      width,
    ),
    ...commandIn(topicCommand(topicArn, 'unsubscribe', [['subscription-arn', arn]]), 4, width),
    ...commandIn(subscribeCommand(topicArn, again), 4, width),
    ...indented('Do not open the link in the message from AWS: TOKEN is the value after Token= in it.', 2, width),
    ...commandIn(confirmCommand(topicArn), 4, width),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${printable(text.slice(1))}.`;
}
