/** Sweeps with --enforce on the command line, over the days of a sandbox, and what they did there. */

import { DAY } from '../../core/duration.ts';
import { type CommandSandbox, commandSandbox } from './command-sandbox.ts';
import { listenTo } from './listeners.ts';
import type { CommandResult, MemoryIoOptions } from './memory-io.ts';
import { busyKey, oldKey } from './sweep-world.ts';

export interface SweepCommands {
  readonly world: CommandSandbox;
  /** A sweep that notifies no one: from a script; at a terminal where `options` have someone who answers. */
  sweep(args?: readonly string[], options?: Partial<MemoryIoOptions>): Promise<CommandResult>;
  /** A sweep, in the same way, that sends its notices to this topic, to which one address is subscribed. */
  sweepNotifying(topic?: string, args?: readonly string[], options?: Partial<MemoryIoOptions>): Promise<CommandResult>;
  /** Moves on by days; what is in use is used in between. */
  pass(days: number): void;
  /** The sweeps that come before the first change: first notice, and final notice. */
  warnAll(): Promise<void>;
  /** What was written to keys by commands, in order. */
  changes(): readonly string[];
  /** The kinds of messages, in order. */
  notified(): readonly (string | undefined)[];
}

/** The ledger of these sweeps, in the directory of the commands, and that they change something. */
export const enforced = ['sweep', '--enforce', '--ledger', 'file:L'];

/** A new sandbox for each test. Call at the top of a file. */
export function sweepCommands(): SweepCommands {
  const world = commandSandbox();

  function run(args: readonly string[], options: Partial<MemoryIoOptions>): Promise<CommandResult> {
    return world.keysweep([...enforced, ...(options.ask === undefined ? ['--yes'] : []), ...args], options);
  }

  const sweep: SweepCommands['sweep'] = (args = [], options = {}) => run(['--no-notify', ...args], options);

  function pass(days: number): void {
    const { account, clock } = world.sandbox;
    clock.advance(days * DAY);
    for (const id of [busyKey, oldKey]) account.useAccessKey(id, new Date(clock.now().getTime() - DAY / 4));
  }

  return {
    world,
    sweep,
    sweepNotifying: (topic = 'digests', args = [], options = {}) =>
      run(['--topic-arn', listenTo(world.sandbox, topic), ...args], options),
    pass,
    async warnAll() {
      await sweep();
      pass(13);
      await sweep();
      pass(1);
    },
    changes: () =>
      world.sandbox.writes
        .filter(({ by }) => by === 'api')
        .map(({ accessKeyId, statusAfter }) => `${statusAfter ?? 'deleted'} ${accessKeyId}`),
    notified: () => world.sandbox.messages.map(({ attributes }) => attributes.kind?.value),
  };
}
