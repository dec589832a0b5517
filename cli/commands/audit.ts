import { type Command, Option } from 'commander';
import { type Audit, type Severity, severities } from '../../core/model.ts';
import { type AuditFormatName, auditFormats } from '../../reports/formats.ts';
import { auditNamed } from '../account.ts';
import { type CommandContext, type ExitCode, openCommand } from '../command.ts';
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

/** What `--fail-on` takes: the lowest severity that counts, or `none`. */
export const failOnChoices = [...severities, 'none'] as const;
type FailOn = (typeof failOnChoices)[number];

interface AuditCommandOptions extends AwsOptions, PrintOptions<AuditFormatName> {
  readonly report?: string;
  readonly policy?: string;
  readonly asOf?: Date;
  readonly failOn: FailOn;
}

const examples = `
Examples:
  keysweep audit --profile prod
      what is wrong in this account, worst first
  keysweep audit --role-arn arn:aws:iam::123456789012:role/auditor
      another account, through a role there
  keysweep audit --output json --output-file audit.json --fail-on high
      in a pipeline: exit code 1 for high and critical findings only
  aws iam get-credential-report | keysweep audit --report -
      offline: no AWS call, so findings name key slots instead of key ids

The audit only reads. It needs iam:GenerateCredentialReport,
iam:GetCredentialReport, iam:ListAccessKeys, iam:GetAccessKeyLastUsed and
iam:ListEntitiesForPolicy; if the policy matches tags, also iam:ListUserTags or
iam:GetAccountAuthorizationDetails; iam:ListAccountAliases to show the account's
alias; and iam:GetAccountSummary and iam:ListUsers to see what was mended since
the credential report.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 failed or incomplete.
`;

export function addAuditCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('audit')
    .summary('find stale, unused and risky credentials')
    .description('Checks the long-lived credentials of an AWS account against the policy. Changes nothing.');
  addAwsOptions(command).addOption(reportOption());
  addPolicyOption(command)
    .addOption(asOfOption())
    .addOption(
      new Option('--fail-on <severity>', 'lowest severity that sets exit code 1').choices(failOnChoices).default('low'),
    );
  addPrintOptions(command, Object.keys(auditFormats))
    .addHelpText('after', examples)
    .action(async (options: AuditCommandOptions, command: Command) => {
      refuseRoleDetails(options, command);
      context.finish(await runAudit(options, context.io));
    });
}

async function runAudit(options: AuditCommandOptions, io: Io) {
  const command = await openCommand(options, io);
  const { audit } = await auditNamed(options, command, options.asOf ?? io.now());
  const { render } = auditFormats[options.output];
  const { fail, exempt, error } = audit.summary;
  await command.printer.print((style) => render(audit, style), `${fail} failed, ${exempt} exempt, ${error} not judged`);
  await explainIncomplete(audit, io);
  return exitCodeOf(audit, options.failOn);
}

/** The exit code of an audit. Anything that could not be judged makes it incomplete, whatever else was found. */
export function exitCodeOf(audit: Audit, failOn: FailOn): ExitCode {
  if (audit.findings.some((finding) => finding.status === 'error')) return 2;
  const counts = audit.findings.some((finding) => finding.status === 'fail' && atLeast(finding.severity, failOn));
  return counts ? 1 : 0;
}

function atLeast(severity: Severity, failOn: FailOn): boolean {
  return failOn !== 'none' && severities.indexOf(severity) <= severities.indexOf(failOn);
}
