import { type Command, Option } from 'commander';
import type { CommandContext } from '../command.ts';
import { ledgerOption } from '../ledger.ts';
import { addNoticeOptions, requireNoticeChoice } from '../notices.ts';
import { addAwsOptions, addPolicyOption, addPrintOptions, asOfOption, refuseRoleDetails } from '../options.ts';
import { runSweep, type SweepCommandOptions } from '../sweep.ts';

const explanation = `
Examples:
  keysweep sweep --ledger file:ledger.jsonl
      a dry run: what a sweep would do now
  keysweep sweep --enforce --ledger dynamodb:keysweep-ledger --topic-arn arn:aws:sns:...
      tells the owners, and switches off and deletes what is due
  keysweep sweep --enforce --ledger file:ledger.jsonl --no-notify --yes
      from a script, and nobody is told

It is a dry run unless --enforce is given AND the policy's mode is warn or enforce. In mode warn
people are told and nothing is switched off. On a terminal it shows what it is about to switch
off and delete, and asks. Ctrl-C ends it cleanly: the next sweep goes on where this one was.

Where no channel of the topic reaches people, no clock starts and nothing is changed; the
sweep says why. The topic gets one digest, and an alert where the audit finds something
critical. The ledger remembers what was told: a second run of the night sends neither again.

Beside what an audit needs: sns:Publish, sns:ListSubscriptionsByTopic,
sns:GetSubscriptionAttributes and iam:GetUser; in mode enforce iam:UpdateAccessKey and
iam:DeleteAccessKey; for a ledger in DynamoDB its GetItem, PutItem and Query; with --event-bus
events:PutEvents.

Exit codes: 0 the sweep, or dry run, is complete, whatever it did; 2 it failed or is partial.
`;

export function addSweepCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('sweep')
    .summary('audit, then tell owners and switch off what is due')
    .description(
      'Audits an account and moves its access keys along: notices, deactivations, deletions. A dry run without --enforce.',
    );
  addAwsOptions(command).addOption(ledgerOption());
  addPolicyOption(command).addOption(asOfOption());
  command
    .optionsGroup('What to do:')
    .option('--enforce', 'do it, as far as the policy’s mode allows; without it nothing is changed')
    .addOption(new Option('--yes', 'do not ask before keys are switched off and deleted'));
  addNoticeOptions(command);
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: SweepCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      checkEnforce(options, self);
      context.finish(await runSweep(options, context.io));
    });
}

/** A sweep that writes needs a true clock, a record of what it does, and a word on whom to tell. */
function checkEnforce(options: SweepCommandOptions, command: Command): void {
  if (options.enforce !== true) return;
  if (options.asOf !== undefined) {
    command.error("error: option '--as-of <time>' cannot be used with option '--enforce': deeds need the real time", {
      exitCode: 2,
    });
  }
  if (options.ledger === undefined) {
    command.error("error: option '--enforce' needs --ledger: without a record no warning period can pass", {
      exitCode: 2,
    });
  }
  requireNoticeChoice(options, command);
}
