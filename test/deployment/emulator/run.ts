/**
 * An emulated AWS account to deploy to by hand: `npm run emulator`. Has users, keys and owners, prints what to do, then the
 * e-mails that the account sends. Takes commands on stdin. Ends with Ctrl-C.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isConfirmationMail } from '../confirm.ts';
import { openMailbox } from '../sinks.ts';
import { commandHelp, createCommands } from './commands.ts';
import { account, region, startEmulator } from './emulator.ts';
import { policyOfSeed, seedAccount, seededUsers } from './seed.ts';

/** What a shell must know to use the account; everything else in the environment of its programs is the shell's own. */
const exported = /^(AWS_|NODE_EXTRA_CA_CERTS$|NODE_OPTIONS$|KEYSWEEP_TEST_CLOCK$)/;

/** The warning of the CDK's own SDK on Node.js 20. */
const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function shellLines(variables: Readonly<Record<string, string>>): string {
  const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join('');
}

const folder = await mkdtemp(join(tmpdir(), 'keysweep-emulator-'));
const mailbox = await openMailbox(({ to, subject, text }) => {
  if (isConfirmationMail({ subject }))
    print(`e-mail to ${to.join(', ')}: ${subject}. To follow its link, type: confirm`);
  else print(`\n--- e-mail to ${to.join(', ')}\nSubject: ${subject}\n\n${text}`);
});
const emulator = await startEmulator({ folder, smtpPort: mailbox.port });
const now = new Date();
await seedAccount(emulator, now);
const policy = join(folder, 'keysweep.yaml');
const environment = join(folder, 'environment.sh');
await writeFile(policy, policyOfSeed(now));
const variables = Object.entries(emulator.environment).filter(([name]) => exported.test(name));
await writeFile(environment, shellLines({ ...Object.fromEntries(variables), ...quiet, POLICY: policy }));

const width = Math.max(...seededUsers.map(({ name }) => name.length));
print(`The emulated account ${account} (${region}) has a root user without MFA, and these users:

${seededUsers.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n')}

Their policy is ${policy}: mode enforce, e-mail to security@example.com.

In another terminal, in this folder:

  . ${environment}
  npm run -s keysweep -- audit --policy $POLICY      # what is wrong
  npm run -s keysweep -- forecast --policy $POLICY   # what would happen, by date
  npx cdk bootstrap
  npx cdk deploy -c policy=$POLICY --require-approval never

Then, here:

  confirm     as if someone opened the link in each of the three mails
  night       the first night: an alert, the new findings, and first notices with the date of each deactivation
  nights 8    the final notices, and a night later three keys are deactivated. What the last e-mail says to undo it works in
              the other terminal (keysweep is npm run -s keysweep -- there)
  nights 31   what is still inactive is deleted

Links in the e-mails lead to the console of AWS, which knows nothing of this account.

${commandHelp}
`);

const run = createCommands({ emulator, mails: mailbox.mails, print });
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void run(line));

async function end(): Promise<void> {
  lines.close();
  await emulator.close();
  await mailbox.close();
  await rm(folder, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
