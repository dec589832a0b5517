/** Commands of keysweep in this process, on a sandbox with a movable clock. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { type AccountSeed, type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';
import { makeReport } from './aws-sandbox.ts';
import { listenTo } from './listeners.ts';
import { type CommandResult, type MemoryIoOptions, runInMemory } from './memory-io.ts';
import { scratchDirectory } from './scratch-directory.ts';
import { fewKeys } from './sweep-world.ts';

export interface CommandSandbox {
  readonly sandbox: Sandbox;
  /** The directory of the commands: ledgers and policies are written there. */
  readonly directory: string;
  /** Runs a command line at the time of the sandbox. */
  keysweep(args: readonly string[], options?: Partial<MemoryIoOptions>): Promise<CommandResult>;
  /** A sweep whose digest does not go out: its notices stand in the ledger, and no one has got them. */
  undeliveredSweep(ledger: string): Promise<void>;
  writePolicy(text: string): Promise<void>;
}

/** Enforces every day, warned for 14 days, deleted 30 days after the deactivation. */
export const enforceYaml = 'version: 1\nmode: enforce\ncalendar: { days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun] }\n';

/** A new sandbox for each test, with the environment that leads there. Call at the top of a file. */
export function commandSandbox(
  seed: AccountSeed = fewKeys,
  options: Pick<SandboxOptions, 'subscriptionConfirmation'> = {},
): CommandSandbox {
  const scratch = scratchDirectory();
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ seed, report: { generation: { polls: 0 } }, ...options });
    for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_CONFIG_FILE', scratch.path);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', scratch.path);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await sandbox.close();
  });
  async function keysweep(args: readonly string[], options?: Partial<MemoryIoOptions>): Promise<CommandResult> {
    await makeReport(sandbox);
    return runInMemory(args, {
      directory: scratch.path,
      now: sandbox.clock.now().toISOString(),
      interrupted: () => new Promise(() => {}),
      ...options,
    });
  }
  return {
    get sandbox() {
      return sandbox;
    },
    get directory() {
      return scratch.path;
    },
    keysweep,
    async undeliveredSweep(ledger) {
      const topic = listenTo(sandbox, 'digests');
      // The alert about the root user of every seed comes first.
      const fault = sandbox.faults.add({ action: 'sns:Publish', after: 1, kind: 'denied' });
      const { stderr } = await keysweep(['sweep', '--enforce', '--yes', '--ledger', ledger, '--topic-arn', topic]);
      if (!stderr.includes('people could not be notified')) throw new Error(`people were notified: ${stderr}`);
      fault.remove();
    },
    writePolicy: (text) => writeFile(join(scratch.path, 'keysweep.yaml'), text),
  };
}
