/**
 * An emulated AWS account to deploy to by hand: `npm run emulator`. Prints what to export in another terminal, then the
 * e-mails that it sends. A time on stdin moves its clock there, and schedules that came due fire. Ends with Ctrl-C.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openMailbox } from '../sinks.ts';
import { startEmulator } from './emulator.ts';

/** What a shell must know to use the account; everything else in the environment of its programs is the shell's own. */
const exported = /^(AWS_|NODE_EXTRA_CA_CERTS$|NODE_OPTIONS$|KEYSWEEP_TEST_CLOCK$)/;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

const folder = await mkdtemp(join(tmpdir(), 'keysweep-emulator-'));
const mailbox = await openMailbox(({ to, subject, text }) => {
  print(`\n--- e-mail to ${to.join(', ')}\nSubject: ${subject}\n\n${text}`);
});
const emulator = await startEmulator({ folder, smtpPort: mailbox.port });
for (const [name, value] of Object.entries(emulator.environment)) {
  if (exported.test(name)) print(`export ${name}='${value}'`);
}
print('\n# Its clock moves to a time that you type here, such as 2030-01-02T05:00:00Z. Ctrl-C ends it.');

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  emulator.moveTo(line.trim()).then(
    () => print(`It is ${line.trim()}.`),
    (error: Error) => print(`Not a time such as 2030-01-02T05:00:00Z: ${error.message}`),
  );
});

async function end(): Promise<void> {
  lines.close();
  await emulator.close();
  await mailbox.close();
  await rm(folder, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
