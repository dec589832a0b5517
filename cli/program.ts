import { Command } from 'commander';
import { addAuditCommand } from './commands/audit.ts';
import { addChannelsCommand } from './commands/channels.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addForecastCommand } from './commands/forecast.ts';
import { addInitCommand } from './commands/init.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addRulesCommand } from './commands/rules.ts';
import { addSandboxCommand } from './commands/sandbox.ts';
import { addSweepCommand } from './commands/sweep.ts';
import type { CommandContext } from './context.ts';
import { packageVersion } from './version.ts';

const epilogue = `
First steps:
  keysweep demo                        120 nights of keysweep at a made-up company
  keysweep sandbox                     a local AWS account to try everything on
  keysweep audit                       audit the account of your current credentials
  keysweep audit --report report.csv   audit a saved credential report, offline
  keysweep init                        write keysweep.yaml: thresholds, exemptions
  keysweep policy check                is keysweep.yaml valid, and whom does it fit
  keysweep forecast                    what the policy would do over the coming months
  keysweep channels --topic-arn ARN    do notices reach people, and what to do if not
  keysweep plan, keysweep sweep        what tonight would do, and doing it

Exit codes:
  0  no finding at or above --fail-on; other commands: done
  1  findings (audit), problems (policy check)
  2  the run failed, or is incomplete: something could not be judged or done

Environment:
  AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, ...  as for the AWS CLI
  AWS_ENDPOINT_URL  send AWS calls there (the sandbox prints it)
  NO_COLOR, FORCE_COLOR  no colours, or colours even without a terminal
  COLUMNS  width of tables that do not go to a terminal
  KEYSWEEP_DEBUG=1  print stack traces of errors

Results go to stdout; progress, notes and errors to stderr.
`;

/** The command line of keysweep. Commands throw; run() prints what they throw and turns it into the exit code. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('keysweep')
    .description('Finds the long-lived credentials of an AWS account that should not be there any more.')
    .version(packageVersion(), '-V, --version')
    .helpCommand('help [command]', 'explain a command')
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText('after', epilogue);
  const commands = [
    addAuditCommand,
    addPlanCommand,
    addSweepCommand,
    addForecastCommand,
    addExplainCommand,
    addRestoreCommand,
    addRulesCommand,
    addInitCommand,
    addPolicyCommand,
    addChannelsCommand,
    addSandboxCommand,
    addDemoCommand,
  ];
  for (const addCommand of commands) addCommand(program, context);
  return program;
}
