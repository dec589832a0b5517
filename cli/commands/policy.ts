import { type Command, Option } from 'commander';
import type { Audit } from '../../core/model.ts';
import { policyRemarks } from '../../core/policy/remarks.ts';
import { type PolicyCheck, problemsOf, renderPolicyCheck, renderPolicyCheckJson } from '../../reports/policy-check.ts';
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
      is keysweep.yaml valid, and is anything in it surely not what was meant
  keysweep policy check --report report.csv
      whom each exemption and override fits, by a saved credential report; no AWS call
  keysweep policy check --live --profile prod
      the same in the account itself, where tags and key ids are known as far as an audit reads them

Changes nothing.

Exit codes: 0 no problems, 1 problems: what matches no one, has expired, or is covered by an
earlier entry, 2 the file is not valid, or the check failed or could not read all that it hangs on.
`;

export function addPolicyCommand(program: Command, context: CommandContext): void {
  const group = program.command('policy').summary('check the policy file').description('Works on the policy file.');
  const command = group
    .command('check')
    .summary('is the policy valid, and whom does it fit')
    .description('Reads the policy file, says what is wrong with it, and whom its exemptions and overrides fit.');
  addAwsOptions(command)
    .addOption(reportOption())
    .addOption(new Option('--live', 'look into the account of the current credentials').conflicts('report'));
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
  const isAsked = options.report !== undefined || options.live === true;
  const audit = isAsked ? (await auditNamed(options, command, asOf)).audit : undefined;
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
  await printer.print(() => render(check), `${problems} problems`);
  if (audit !== undefined && leavesOpen(audit)) {
    await explainIncomplete(audit, io);
    return 2;
  }
  return problems > 0 ? 1 : 0;
}

/** Whom an entry fits hangs on what could not be read; what an audit had no reason to read is another matter. */
function leavesOpen({ summary, usage }: Audit): boolean {
  const entries = usage === undefined ? [] : [...usage.exemptions, ...usage.overrides];
  return summary.error > 0 && entries.some(({ possible }) => possible > 0);
}
