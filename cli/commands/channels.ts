import { type Command, Option } from 'commander';
import { isMail, isSameAddress, type ReadSubscription } from '../../core/channels/judge.ts';
import type { MessageAttributes } from '../../core/channels/message-attributes.ts';
import { whyUnreached } from '../../core/channels/reach.ts';
import { checkTopic, isSound, type TopicCheck } from '../../core/channels/topic-check.ts';
import { KeysweepError } from '../../core/error.ts';
import { given } from '../../core/given.ts';
import type { Installation } from '../../core/installation/installation.ts';
import type { TopicSubscriptions } from '../../core/ports.ts';
import { reachOf, readSubscribers, type Subscribers, type SubscribersPolicy } from '../../engine/delivery.ts';
import type { ChannelsDocument } from '../../reports/channels/document.ts';
import { renderChannelsJson } from '../../reports/channels/json.ts';
import { renderChannelsTable } from '../../reports/channels/table.ts';
import { printable } from '../../reports/printable.ts';
import { counted } from '../../reports/words.ts';
import { withAccount } from '../account.ts';
import { type CommandContext, type ExitCode, openCommand } from '../command.ts';
import { confirm, refuseWithoutTerminal } from '../confirm.ts';
import { requireInstallation, stackOption } from '../installation.ts';
import type { Io } from '../io.ts';
import { checkKey, readKeyPolicy, whyKeyFails } from '../key-policy.ts';
import { confirmPlaces, notifyAccountOption, readTopicArn } from '../notices.ts';
import {
  type AwsOptions,
  addAwsOptions,
  addPolicyOption,
  addPrintOptions,
  type PrintOptions,
  refuseRoleDetails,
  repeatable,
} from '../options.ts';

interface ChannelsCommandOptions extends AwsOptions, PrintOptions {
  readonly topicArn?: readonly string[];
  readonly stack?: string;
  readonly notifyAccount?: string;
  readonly forwarder?: string;
  readonly keyPolicy?: string;
  readonly policy?: string;
  readonly fix?: boolean;
  readonly yes?: boolean;
}

const explanation = `
Examples:
  keysweep channels
      who gets the messages of the installation, and whether that reaches people
  keysweep channels --topic-arn arn:aws:sns:... --topic-arn arn:aws:sns:...
      the same of these topics
  keysweep channels --fix
      asks, then subscribes the missing addresses of deployment.email;
      AWS sends each address a link to confirm
  keysweep channels --key-policy key-policy.json
      with the policy of the deployment's own key from a file (- for stdin), where
      kms:GetKeyPolicy is not allowed, or the key is in another account

Without --fix it changes nothing. With --fix it only subscribes those addresses.

Needs sns:ListSubscriptionsByTopic and sns:GetSubscriptionAttributes; where
deployment.encryptionKey names a key also kms:GetKeyPolicy; with --fix also
sns:Subscribe.

Exit codes: 0 every topic reaches people, every configured address gets its
messages and the key's policy allows what is needed, 2 otherwise, or this could
not be determined.
`;

export function addChannelsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('channels')
    .summary('check that notices reach people')
    .description('Shows every subscription of the SNS topics, its state, and whether it reaches people.');
  addAwsOptions(command, false);
  command
    .optionsGroup('Topics:')
    .addOption(
      repeatable(
        new Option('--topic-arn <arn>', 'SNS topic to check; repeatable (default: those of the installation)'),
      ).argParser((arn: string, earlier: readonly string[] = []) => [...earlier, readTopicArn(arn)]),
    )
    .addOption(stackOption('topicArn'))
    .addOption(notifyAccountOption('account of the topics, if not the account of the credentials'))
    .option('--forwarder <arn>', 'the Lambda function that posts to Slack, if deployed')
    .option(
      '--key-policy <file>',
      'file with the policy of the key that deployment.encryptionKey names (default: read from AWS)',
    );
  addPolicyOption(command);
  command
    .optionsGroup('Actions:')
    .option('--fix', 'subscribe the addresses of deployment.email that are not subscribed')
    .option('--yes', 'do not ask for confirmation');
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: ChannelsCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      context.finish(await runChannels(options, context.io));
    });
}

/** A topic while the command works with it. */
interface OpenTopic {
  readonly check: TopicCheck;
  readonly subscribers: Subscribers;
  readonly subscriptions: TopicSubscriptions;
}

async function runChannels(options: ChannelsCommandOptions, io: Io): Promise<ExitCode> {
  if (options.fix === true && options.yes !== true) refuseWithoutTerminal(io);
  const { printer, policy, note } = await openCommand(options, io);
  const { topicArn: asked, notifyAccount, ...where } = options;
  const keyPolicy = await readKeyPolicy(options.keyPolicy, policy, io);
  const document = await withAccount(where, io, async ({ session }): Promise<ChannelsDocument> => {
    const { createTopicSubscriptions } = await import('../../aws/sns-subscriptions.ts');
    const account = await session.caller();
    const found = asked ?? (await requireInstallation('--topic-arn', options, { session, io, note }));
    const topicArns = [...new Set('stack' in found ? topicsOf(found) : found)];
    const placed = 'stack' in found ? { ...given({ forwarder: found.forwarderArn }), ...options } : options;
    for (const topicArn of topicArns) {
      confirmPlaces({ topicArn, ...given({ notifyAccount }) }, account);
    }
    const open: OpenTopic[] = [];
    for (const topicArn of topicArns) {
      open.push(await openTopic(topicArn, createTopicSubscriptions(session, topicArn), policy, placed, account.id));
    }
    const asOf = io.now();
    const key = await checkKey(policy, keyPolicy, account.id, session);
    const unfixed = {
      ...{ account, asOf, topics: open.map(({ check }) => check), subscribed: [], problems: [] },
      ...given({ key }),
    };
    if (options.fix !== true) return unfixed;
    return { ...unfixed, ...(await subscribeMissing(open, policy, placed, account.id, io)) };
  });
  const { topics, problems, key } = document;
  const silent = topics.filter((check) => !isSound(check));
  await printer.print(
    (style) => (options.output === 'json' ? renderChannelsJson(document) : renderChannelsTable(document, style)),
    `${counted(topics.length, 'topic')}, ${silent.length === 0 ? 'all reach people' : `${silent.length} need attention`}`,
  );
  const reasons = [...problems, ...silent.map(whyNotSound), ...whyKeyFails(key)];
  for (const reason of reasons) await io.stderr.write(`keysweep: ${printable(reason)} (exit code 2)\n`);
  return reasons.length === 0 ? 0 : 2;
}

function topicsOf({ alertTopicArn, topicArn, alarmTopicArn }: Installation): readonly string[] {
  return [alertTopicArn, topicArn, alarmTopicArn];
}

async function openTopic(
  topicArn: string,
  subscriptions: TopicSubscriptions,
  policy: SubscribersPolicy,
  { forwarder }: ChannelsCommandOptions,
  account: string,
): Promise<OpenTopic> {
  const source = { ...subscriptions, ...(forwarder !== undefined && { forwarder: { arn: forwarder } }) };
  const subscribers = await readSubscribers(source, policy);
  return { check: judged(topicArn, subscribers, account), subscribers, subscriptions };
}

/** The message is not known yet: a filter policy on anything but the account may or may not let it through. */
function judged(topicArn: string, subscribers: Subscribers, account: string): TopicCheck {
  const attributes: MessageAttributes = { kind: undefined, severity: undefined, newFindings: undefined, account };
  return checkTopic(topicArn, reachOf(subscribers, attributes), subscribers.policy);
}

type Fixed = Pick<ChannelsDocument, 'topics' | 'subscribed' | 'problems'>;

/** Subscribes addresses; a failure of one does not stop the others. */
async function subscribeMissing(
  open: readonly OpenTopic[],
  policy: SubscribersPolicy,
  options: ChannelsCommandOptions,
  account: string,
  io: Io,
): Promise<Fixed> {
  await askBeforeSubscribing(open, options, io);
  const subscribed: Fixed['subscribed'][number][] = [];
  const problems: string[] = [];
  const topics: TopicCheck[] = [];
  for (const { check, subscribers, subscriptions } of open) {
    const { topicArn, unsubscribed } = check;
    const asked: string[] = [];
    for (const endpoint of unsubscribed) {
      try {
        await subscriptions.subscribe({ protocol: 'email', endpoint });
        asked.push(endpoint);
      } catch (error) {
        if (!(error instanceof KeysweepError)) throw error;
        problems.push(`${topicArn}: ${error.message}`);
      }
    }
    subscribed.push(...asked.map((endpoint) => ({ topicArn, endpoint })));
    if (asked.length === 0) {
      topics.push(check);
      continue;
    }
    const again = await openTopic(topicArn, subscriptions, policy, options, account);
    const known = again.subscribers.read.ok ? again.subscribers : subscribers;
    topics.push(judged(topicArn, withAsked(known, asked), account));
  }
  return { topics, subscribed, problems };
}

/** The list that SNS returns may not show yet what was subscribed a moment ago. */
function withAsked({ read, policy }: Subscribers, asked: readonly string[]): Subscribers {
  if (!read.ok) return { read, policy };
  const listed = read.value.filter(({ protocol, state }) => isMail(protocol) && state !== 'deleted');
  const isListed = (address: string) => listed.some(({ endpoint }) => isSameAddress(endpoint, address));
  const pending = asked
    .filter((address) => !isListed(address))
    .map((endpoint): ReadSubscription => ({ protocol: 'email', endpoint, state: 'pending' }));
  return { read: { ok: true, value: [...read.value, ...pending] }, policy };
}

async function askBeforeSubscribing(
  open: readonly OpenTopic[],
  { yes }: ChannelsCommandOptions,
  io: Io,
): Promise<void> {
  const lines = open.flatMap(({ check }) => {
    return check.unsubscribed.map((address) => `subscribe ${printable(address)} to ${check.topicArn}\n`);
  });
  if (lines.length === 0 || yes === true || io.ask === undefined) return;
  await confirm(lines.join(''), 'AWS will ask each address to confirm. Subscribe?', io.ask, io);
}

function whyNotSound({ topicArn, verdict, reach, silent }: TopicCheck): string {
  if (verdict === 'reached') {
    const names = silent.map(({ endpoint, state }) => `${endpoint} (${state})`);
    return `${topicArn}: these configured channels may not get the messages: ${names.join(', ')}`;
  }
  return `${topicArn}: ${whyUnreached(reach)}`;
}
