import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { ledgerOption } from '../ledger.ts';
import { addNoticeOptions, requireNoticeChoice } from '../notices.ts';
import { addAwsOptions, addPrintOptions, readKeyId, refuseRoleDetails } from '../options.ts';
import { type RestoreCommandOptions, runRestore } from '../restore.ts';

const explanation = `
Example:
  keysweep restore AKIAIOSFODNN7EXAMPLE --why "the nightly export needs it" \\
      --ledger dynamodb:keysweep-ledger --topic-arn arn:aws:sns:...

Only a key that was switched off can be restored; a deleted one is gone for good. The key is
then left alone for the restoreGrace of the policy. Its age goes on counting.

A sweep that has begun to deactivate or delete the key sees that somebody wants it, and stops;
what it had sent already cannot be called back. So restore looks at the key for some seconds
after, and says so where it was too late.

Where the entry of the key in the ledger is damaged the key is switched on all the same; who and
why are not recorded then, and no sweep changes the key until the entry is put right.

Needs iam:ListAccessKeys, iam:UpdateAccessKey and iam:GetUser (without it, the credential report
for a key that the ledger does not know); iam:GetAccessKeyLastUsed for a key that is not listed;
for a ledger in DynamoDB its GetItem, PutItem and Query; sns:Publish,
sns:ListSubscriptionsByTopic and sns:GetSubscriptionAttributes; with --event-bus events:PutEvents.

Exit codes: 0 it is on again (or was), 2 it is not, or the ledger or people do not know of it.
`;

export function addRestoreCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('restore')
    .summary('switch an access key on again')
    .description('Switches an access key on again that was switched off, and records who wanted it and why.')
    .argument('<key-id>', 'id of the access key');
  addAwsOptions(command)
    .option('--user <name>', 'the user, where AWS does not tell whose key it is')
    .addOption(ledgerOption().makeOptionMandatory());
  command
    .optionsGroup('What to record:')
    .requiredOption('--why <text>', 'why it is needed')
    .option('--who <name>', 'who needs it; the AWS caller is recorded beside it')
    .option('--yes', 'do not ask');
  addNoticeOptions(command).option(
    '--policy <file>',
    'policy file, which says what reaches people (default: ./keysweep.yaml, else built-in defaults)',
  );
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (accessKeyId: string, options: RestoreCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      requireNoticeChoice(options, self);
      context.finish(await runRestore(readKeyId(accessKeyId), options, context.io));
    });
}
