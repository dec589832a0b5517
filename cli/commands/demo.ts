import type { Command } from 'commander';
import { loadPolicy } from '../../core/policy/load.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { auditFormats } from '../../reports/formats.ts';
import type { TextStyle } from '../../reports/table.ts';
import type { CommandContext } from '../context.ts';
import { acmeKeyHolders, nightCount } from '../demo/life.ts';
import { runDemoNight } from '../demo/night.ts';
import { runDemoNights } from '../demo/nights.ts';
import { demoPolicy, demoPolicyFile } from '../demo/policy.ts';
import {
  alertAsReceived,
  digestAsReceived,
  foreword,
  nightCost,
  nightsForeword,
  verdictInWords,
  yourTurn,
} from '../demo/texts.ts';
import { nightInWords } from '../demo/timeline.ts';
import type { Io } from '../io.ts';
import { writeResults } from '../output.ts';
import { styleFor } from '../terminal.ts';

interface DemoCommandOptions {
  readonly color: boolean;
}

const explanation = `
Starts a local AWS account, runs the real nightly auditor on it over HTTP, and shows what
it finds and what the security team gets by e-mail. Then ${nightCount} nights in which keys are warned
about, switched off and deleted, and what came of it. Needs no AWS account and no network,
and ends by itself.
`;

export function addDemoCommand(program: Command, { io }: CommandContext): void {
  program
    .command('demo')
    .summary(`see ${nightCount} nights of keysweep on a local AWS account`)
    .description(`Shows one night of keysweep on a made-up company, and then ${nightCount}.`)
    .option('--no-color', 'no colours')
    .addHelpText('after', explanation)
    .action((options: DemoCommandOptions) => runDemo(options, io));
}

async function runDemo({ color }: DemoCommandOptions, io: Io): Promise<void> {
  const style = styleFor(io.stdout, io.env, color);
  const policy = loadPolicy(demoPolicy, demoPolicyFile);
  const night = await runDemoNight(policy);
  const parts = [
    foreword(night, demoPolicy, style),
    auditFormats.table.render(night.audit, style),
    alertAsReceived(night.message, style),
    nightCost(night, style),
    nightsForeword(acmeKeyHolders.users.length, style),
  ];
  await writeResults(parts.join('\n'), io);
  await runNights({ ...policy, mode: 'enforce' }, style, io);
}

/** Shows each night as it ends. */
async function runNights(policy: Policy, style: TextStyle, io: Io): Promise<void> {
  const nights = await runDemoNights(policy, (night) => writeResults(nightInWords(night, style), io));
  const parts = ['', digestAsReceived(nights.digests, style), verdictInWords(nights, style)];
  await writeResults(`${parts.join('\n')}${yourTurn(style)}`, io);
}
