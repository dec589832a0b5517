import { type Command, Option } from 'commander';
import type { Audit } from '../../core/model.ts';
import { policyRemarks } from '../../core/policy/remarks.ts';
import { type PolicyCheck, problemsOf, renderPolicyCheck, renderPolicyCheckJson } from '../../reports/policy-check.ts';
import { counted } from '../../reports/words.ts';
import { auditNamed } from '../account.ts';
import { type CommandContext, type ExitCode, openCommand } from '../command.ts';
import { defaultPolicyFile } from '../input.ts';
import type { Io } from '../io.ts';
import { explainIncomplete } from '../notes.ts';
import {
  type AwsOptions,
  addAwsOptions,
  addPolicyOption,
  addPrintOptions,
  asOfOption,
  type PrintOptions,
  refuseRoleDetails,
  reportOption,
} from '../options.ts';

interface PolicyCheckOptions extends AwsOptions, PrintOptions {
  readonly policy?: string;
  readonly report?: string;
  readonly live?: boolean;
  readonly asOf?: Date;
}

const explanation = `
Examples:
  keysweep policy check
      whether keysweep.yaml is valid, and what in it is probably a mistake
  keysweep policy check --report report.csv
      whom each exemption and override matches in a saved report; no AWS call
  keysweep policy check --live --profile prod
      the same in the account itself, with tags and key ids

Changes nothing.

Exit codes: 0 no problems, 1 problems (an entry matches no one, has expired, or
is covered by an earlier entry; a night that a clock change skips; key and
secret in different regions), 2 the file is not valid, the check failed, or
something it needs could not be read.
`;

export function addPolicyCommand(program: Command, context: CommandContext): void {
  const group = program.command('policy').summary('check the policy file').description('Checks the policy file.');
  const command = group
    .command('check')
    .summary('check the policy, and show whom it matches')
    .description('Checks the policy file, and shows whom its exemptions and overrides match.');
  addAwsOptions(command)
    .addOption(reportOption())
    .addOption(new Option('--live', 'check against the account of the current credentials').conflicts('report'));
  addPolicyOption(command).addOption(asOfOption());
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: PolicyCheckOptions, self: Command) => {
      refuseRoleDetails(options, self);
      context.finish(await runPolicyCheck(options, context.io));
    });
}

async function runPolicyCheck(options: PolicyCheckOptions, io: Io): Promise<ExitCode> {
  const command = await openCommand(options, io);
  const { policy, printer } = command;
  const asOf = options.asOf ?? io.now();
  const looksAtAccount = options.report !== undefined || options.live === true;
  const audit = looksAtAccount ? (await auditNamed(options, command, asOf)).audit : undefined;
  const check: PolicyCheck = {
    file: options.policy ?? defaultPolicyFile,
    policy,
    remarks: policyRemarks(policy, asOf),
    ...(audit === undefined
      ? {}
      : { inAccount: { account: audit.account, usage: audit.usage ?? { exemptions: [], overrides: [] } } }),
  };
  const problems = problemsOf(check).length;
  const render = options.output === 'json' ? renderPolicyCheckJson : renderPolicyCheck;
  await printer.print(() => render(check), counted(problems, 'problem'));
  if (audit !== undefined && dependsOnUnread(audit)) {
    await explainIncomplete(audit, io);
    return 2;
  }
  return problems > 0 ? 1 : 0;
}

/** Whether whom an entry matches depends on something that could not be read. What an audit need not read does not count. */
function dependsOnUnread({ summary, usage }: Audit): boolean {
  const entries = usage === undefined ? [] : [...usage.exemptions, ...usage.overrides];
  return summary.error > 0 && entries.some(({ possible }) => possible > 0);
}
