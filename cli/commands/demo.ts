import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { nightCount } from '../demo/setting.ts';

interface DemoCommandOptions {
  readonly color: boolean;
}

const explanation = `
Starts a local AWS account, runs the real nightly auditor on it over HTTP, and
shows what it finds and what the security team gets by e-mail. Then it runs
${nightCount} nights, in which owners are notified and keys are deactivated and deleted,
and shows the outcome. Needs no AWS account and no network, and ends by itself.
`;

export function addDemoCommand(program: Command, { io }: CommandContext): void {
  program
    .command('demo')
    .summary(`see ${nightCount} nights of keysweep on a local AWS account`)
    .description(`Shows one night of keysweep at a made-up company, and then ${nightCount}.`)
    .option('--no-color', 'no colors')
    .addHelpText('after', explanation)
    .action(async ({ color }: DemoCommandOptions) => {
      // Loaded on demand: the sandbox and the AWS SDK would slow the start of every command.
      const { showDemo } = await import('../demo/show.ts');
      await showDemo(color, io);
    });
}
