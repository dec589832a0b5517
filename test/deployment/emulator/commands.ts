/** What a person can type where `npm run emulator` runs. */
import { setTimeout } from 'node:timers/promises';
import { confirmAddresses } from '../confirm.ts';
import { readLog, readStack } from '../deployed-account.ts';
import { stackName } from '../installation.ts';
import type { Mail } from '../sinks.ts';
import { AwsError, type Emulator } from './emulator.ts';

export const commandHelp = `Commands, here:
  confirm      confirms the e-mail addresses that were asked for it since the last time
  night        moves the clock to 05:00 UTC of the next night, and waits for the sweep
  nights N     the same N times
  TIME         moves the clock, such as to 2030-01-02T05:00:00Z; a schedule that came due starts
  help         prints this
  Ctrl-C       ends the emulator, and discards the account`;

/** How long a night may take on a slow machine, and how often its log is read, in milliseconds. */
const patience = 180_000;
const interval = 500;

export interface CommandContext {
  readonly emulator: Emulator;
  readonly mails: readonly Mail[];
  print(text: string): void;
}

/** Runs one typed line after the other. Whatever goes wrong is printed. */
export function createCommands({ emulator, mails, print }: CommandContext): (line: string) => Promise<void> {
  let confirmed = 0;

  async function confirm(): Promise<void> {
    const waiting = mails.slice(confirmed);
    confirmed = mails.length;
    const count = await confirmAddresses(emulator, waiting);
    print(count === 0 ? 'No address waits for confirmation. Deploy first.' : `Confirmed ${count} subscriptions.`);
  }

  async function night(): Promise<void> {
    const before = await countSweeps(emulator);
    const time = nextNight(await emulator.now());
    print(`--- ${time}: the night begins`);
    await emulator.moveTo(time);
    for (let waited = 0; (await countSweeps(emulator)) <= before; waited += interval) {
      if (waited >= patience) throw new Error('no sweep has completed; the stack’s logs and queues say why');
      await setTimeout(interval);
    }
    print(`--- ${time}: the sweep has completed`);
  }

  async function moveTo(time: string): Promise<void> {
    if (Number.isNaN(Date.parse(time))) throw new Error(`not a command, nor a time: ${time}\n${commandHelp}`);
    await emulator.moveTo(new Date(time).toISOString());
    print(`It is ${time}.`);
  }

  async function run(line: string): Promise<void> {
    const [, nights] = /^nights? *(\d*)$/.exec(line) ?? [];
    if (nights !== undefined) for (let count = Number(nights || 1); count > 0; count--) await night();
    else if (line === 'confirm') await confirm();
    else if (line === 'help') print(commandHelp);
    else if (line !== '') await moveTo(line);
  }

  let last: Promise<void> = Promise.resolve();
  return (line) => {
    last = last.then(() => run(line.trim())).catch((error: Error) => print(error.message));
    return last;
  };
}

/** Throws with what to do if keysweep is not deployed. */
async function countSweeps(emulator: Emulator): Promise<number> {
  const stack = await readStack(emulator, stackName).catch((error: Error) => {
    throw error instanceof AwsError
      ? new Error('keysweep is not deployed here yet: npx cdk deploy', { cause: error })
      : error;
  });
  const log = await readLog(emulator, stack.output('RotatorLogGroupName')).catch(() => []);
  return log.filter(({ message }) => message === 'sweep completed').length;
}

function nextNight(now: Date): string {
  const next = new Date(now);
  next.setUTCHours(5, 0, 0, 0);
  if (next <= now) next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString();
}
