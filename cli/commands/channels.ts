import { type Command, Option } from 'commander';
import { type ChannelsCommandOptions, runChannels } from '../channels.ts';
import type { CommandContext } from '../command.ts';
import { notifyAccountOption, readTopicArn } from '../notices.ts';
import { addAwsOptions, addPolicyOption, addPrintOptions, refuseRoleDetails } from '../options.ts';

const explanation = `
Examples:
  keysweep channels --topic-arn arn:aws:sns:... --topic-arn arn:aws:sns:...
      who gets the messages of these topics, does that reach people, and what to do
  keysweep channels --topic-arn arn:aws:sns:... --fix
      subscribes addresses of deployment.email that are not subscribed, after a yes;
      each must then be confirmed by the link that AWS sends there

Without --fix it changes nothing. With it, it subscribes those addresses and does nothing else.

Needs sns:ListSubscriptionsByTopic and sns:GetSubscriptionAttributes; with --fix sns:Subscribe.

Exit codes: 0 each topic reaches people, and every configured address gets its messages,
2 not so, or it could not be determined.
`;

export function addChannelsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('channels')
    .summary('do notices reach people, and what to do if not')
    .description('Shows every channel of SNS topics, its state, and whether it reaches people.');
  addAwsOptions(command);
  command
    .optionsGroup('Which topics:')
    .addOption(
      new Option('--topic-arn <arn>', 'SNS topic to look at; may be given several times')
        .argParser((arn: string, earlier: readonly string[] = []) => [...earlier, readTopicArn(arn)])
        .makeOptionMandatory(),
    )
    .addOption(notifyAccountOption('account of the topics, where it is another on purpose'))
    .option('--forwarder <arn>', 'function of keysweep that posts to Slack, where one is deployed');
  addPolicyOption(command);
  command
    .optionsGroup('What to do:')
    .option('--fix', 'subscribe the addresses of deployment.email that are not subscribed')
    .option('--yes', 'do not ask');
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: ChannelsCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      context.finish(await runChannels(options, context.io));
    });
}
