import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import { sweepSchema } from '../../reports/sweep/schema.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { listenTo } from '../support/listeners.ts';
import type { MemoryIoOptions } from '../support/memory-io.ts';
import { asPublished } from '../support/published.ts';
import { busyKey, oldKey, staleKey, unusedKey } from '../support/sweep-world.ts';

const world = commandSandbox();
const enforced = ['sweep', '--enforce', '--no-notify', '--ledger', 'file:L'];

/** From a script; at a terminal where `options` have someone who answers. */
function sweep(args: readonly string[] = [], options: Partial<MemoryIoOptions> = {}) {
  return world.keysweep([...enforced, ...(options.ask === undefined ? ['--yes'] : []), ...args], options);
}

/** Moves on by days; what is in use is used in between. */
function pass(days: number): void {
  const { account, clock } = world.sandbox;
  clock.advance(days * DAY);
  for (const id of [busyKey, oldKey]) account.useAccessKey(id, new Date(clock.now().getTime() - DAY / 4));
}

/** The sweeps that come before the first change: first notice, and final notice. */
async function warnAll(): Promise<void> {
  await sweep();
  pass(13);
  await sweep();
  pass(1);
}

function changes(): readonly string[] {
  return world.sandbox.writes
    .filter(({ by }) => by === 'api')
    .map(({ accessKeyId, statusAfter }) => `${statusAfter ?? 'deleted'} ${accessKeyId}`);
}

/** The kinds of messages, in order. */
function notified(): readonly (string | undefined)[] {
  return world.sandbox.messages.map(({ attributes }) => attributes.kind?.value);
}

describe('keysweep sweep --enforce', () => {
  it('deactivates and deletes exactly what the policy names, over successive days', async () => {
    await world.writePolicy(enforceYaml);
    for (const days of [7, 6, 1, 1, 28, 1, 1, 5]) {
      const { code, stderr } = await sweep(['--quiet']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      pass(days);
    }
    expect(changes().toSorted()).toEqual(
      [`Inactive ${staleKey}`, `Inactive ${unusedKey}`, `deleted ${staleKey}`, `deleted ${unusedKey}`].toSorted(),
    );
  });

  it('prints the published JSON of what it did', async () => {
    await world.writePolicy(enforceYaml);
    await warnAll();
    const { code, stdout } = await sweep(['--output', 'json']);
    const printed = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(asPublished(sweepSchema('sweep'), printed)).toEqual(printed);
    expect(printed).toMatchObject({
      schema: 'keysweep/sweep/v1',
      dryRun: false,
      ledger: 'file:L',
      outcome: 'complete',
      summary: { actions: { deactivate: 2 }, outcomes: { applied: 3 } },
    });
    expect(printed.stats.requests).toMatchObject({ 'iam:UpdateAccessKey': 2, 'iam:GenerateCredentialReport': 1 });
  });

  it('gives final notices to as many as a cap lets through, and changes one key a day', async () => {
    await world.writePolicy(`${enforceYaml}limits: { maxDeactivations: 1 }\n`);
    await warnAll();
    const { stdout } = await sweep();
    expect(stdout).toContain('DEACTIVATED (1)');
    expect(stdout).toContain('FINAL NOTICES (1)');
    expect(changes()).toHaveLength(1);
    pass(1);
    await sweep();
    expect(changes()).toHaveLength(2);
  });

  it.each([
    ['in a script', ['--yes'], 2, ' (exit code 2)'],
    ['in a script, --quiet or not', ['--yes', '--quiet'], 2, ' (exit code 2)'],
    ['without --yes', [], 0, ''],
  ])('writes nothing in mode audit, and says that it had no effect: %s', async (_, args, expected, failed) => {
    await world.writePolicy('version: 1\nmode: audit\n');
    const { code, stderr, stdout } = await world.keysweep([...enforced, ...args]);
    expect(code).toBe(expected);
    expect(stderr).toContain(
      `keysweep: --enforce had no effect: the mode of keysweep.yaml is audit; for notices set mode: warn, for changes mode: enforce${failed}\n`,
    );
    expect(stdout).toContain('dry run of a sweep in mode audit');
    expect(world.sandbox.writes).toEqual([]);
    await expect(readFile(join(world.directory, 'L'))).rejects.toThrow('ENOENT');
  });

  it('has no effect without a policy file, and says where the mode comes from', async () => {
    const { code, stderr } = await sweep();
    expect(code).toBe(2);
    expect(stderr).toContain('no effect: no policy file was read, and the default mode is audit; for notices');
  });

  it.each(['warn', 'enforce'])('needs --yes where no one can be asked, in mode %s', async (mode) => {
    await world.writePolicy(enforceYaml.replace('enforce', mode));
    const { code, stdout, stderr } = await world.keysweep(enforced);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[ConfirmationMissing]');
    expect(stderr).toContain('In a script, use --yes.');
    expect(world.sandbox.requestCounts()).toEqual({});
  });

  it('notifies people and deactivates nothing in mode warn', async () => {
    await world.writePolicy(enforceYaml.replace('enforce', 'warn'));
    const topic = listenTo(world.sandbox, 'keysweep-digest');
    const { stderr } = await world.keysweep([
      'sweep',
      '--enforce',
      '--yes',
      '--ledger',
      'file:L',
      '--topic-arn',
      topic,
    ]);
    expect(stderr).toContain('mode warn: owners are notified; nothing is deactivated or deleted');
    expect(notified()).toEqual(['alert', 'digest']);
    pass(13);
    await sweep();
    pass(2);
    const { stdout } = await sweep();
    expect(stdout).toContain('SKIPPED, THE MODE MAKES NO CHANGES');
    expect(changes()).toEqual([]);
  });

  it.each([
    [3, 0],
    [400, 2],
  ])('an alert about %i keys, where it does not name them all, makes the sweep partial', async (count, code) => {
    await world.writePolicy(`${enforceYaml}rules: { access-key-never-used: { severity: critical } }\n`);
    for (let n = 0; n < count; n++) {
      world.sandbox.account.createUser(`user-${n}`);
      world.sandbox.account.createAccessKey(`user-${n}`);
    }
    pass(8);
    const topic = listenTo(world.sandbox, 'digests');
    const swept = await world.keysweep(['sweep', '--enforce', '--yes', '--ledger', 'file:L', '--topic-arn', topic]);
    const said = /the alert has no room for \d+ critical findings in every format/;
    expect({ code: swept.code, said: said.test(swept.stderr) }).toEqual({ code, said: code === 2 });
  });

  it('sends one digest to the topic, after an alert about what is critical: root has no MFA here', async () => {
    await world.writePolicy(enforceYaml);
    const topic = listenTo(world.sandbox, 'keysweep-digest');
    const args = ['sweep', '--enforce', '--yes', '--ledger', 'file:L', '--topic-arn', topic, '--output', 'json'];
    const { stdout } = await world.keysweep(args);
    expect(JSON.parse(stdout).topicArn).toBe(topic);
    expect(notified()).toEqual(['alert', 'digest']);
    for (const { subject } of world.sandbox.messages) expect(subject).toMatch(/^\[acme\] /);
  });

  it('puts what it did on the bus where one is named, and names the bus in the command that undoes it', async () => {
    await world.writePolicy(enforceYaml);
    const receivers = ['--topic-arn', listenTo(world.sandbox, 'digests'), '--event-bus', 'default'];
    for (const days of [13, 1, 0]) {
      await world.keysweep(['sweep', '--enforce', '--ledger', 'file:L', '--yes', ...receivers]);
      world.sandbox.clock.advance(days * DAY);
    }
    const types = world.sandbox.busEvents.map(({ detailType }) => detailType);
    expect(new Set(types)).toEqual(new Set(['Credential Warned', 'Credential Deactivated']));
    expect(world.sandbox.messages.at(-1)?.bodies.email).toContain(`${receivers.join(' ')}\n`);
  });

  it('says that it begins a new ledger, once', async () => {
    await world.writePolicy(enforceYaml);
    const begins = `ledger ${join(world.directory, 'L')} did not exist: a new one was created, and every warning period starts over\n`;
    expect((await sweep()).stderr).toContain(begins);
    expect((await sweep()).stderr).not.toContain('a new one was created');
  });

  it('names the ledger in messages so that it is found from elsewhere', async () => {
    await world.writePolicy(enforceYaml);
    const topic = listenTo(world.sandbox, 'digests');
    for (const days of [13, 1, 0]) {
      await world.keysweep(['sweep', '--enforce', '--ledger', 'file:my ledger', '--yes', '--topic-arn', topic]);
      world.sandbox.clock.advance(days * DAY);
    }
    const path = join(world.directory, 'my ledger');
    expect(world.sandbox.messages.at(-1)?.bodies.email).toContain(`--ledger 'file:${path}' --topic-arn ${topic}`);
  });

  it('says of a topic that does not exist which one, and what to check', async () => {
    await world.writePolicy(enforceYaml);
    const topic = 'arn:aws:sns:eu-west-1:111122223333:nowhere';
    const { code, stderr } = await world.keysweep([
      'sweep',
      '--enforce',
      '--yes',
      '--ledger',
      'file:L',
      '--topic-arn',
      topic,
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain(`error[NotFound]: there is no SNS topic ${topic}: `);
    expect(stderr).toContain('aws sns list-topics --region eu-west-1');
  });

  it('is partial, with exit code 2 and the reason, where the bus cannot be notified', async () => {
    await world.writePolicy(enforceYaml);
    const { code, stderr } = await sweep(['--event-bus', 'nowhere']);
    expect(code).toBe(2);
    expect(stderr).toContain('not every event could be published');
  });

  it('is partial, with exit code 2 and the reason, where one key fails; the others continue', async () => {
    await world.writePolicy(enforceYaml);
    await warnAll();
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', user: 'alice', kind: 'denied' });
    const { code, stderr } = await sweep();
    expect(code).toBe(2);
    expect(stderr).toContain('keysweep: the sweep is partial: 1 key not processed (exit code 2)');
    expect(stderr).toContain(`alice ${staleKey}`);
    expect(changes()).toEqual([`Inactive ${unusedKey}`]);
  });

  it('stops cleanly when the user asks for it, and the next one continues', async () => {
    await world.writePolicy(enforceYaml);
    const { code, stderr } = await sweep([], { interrupted: async () => {} });
    expect(code).toBe(2);
    expect(stderr).toContain('no time was left');
    expect((await sweep()).stdout).toContain('FIRST NOTICES (2)');
  });

  it('refuses a ledger that another sweep holds, before it asks AWS for more than who calls', async () => {
    await world.writePolicy(enforceYaml);
    const { openFileLedger } = await import('../../files/file-ledger.ts');
    const locked = await openFileLedger(join(world.directory, 'L'));
    const { code, stdout, stderr } = await sweep();
    await locked.close();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[LedgerLocked]');
    expect(world.sandbox.requestCounts()).toEqual({ 'sts:GetCallerIdentity': 1 });
  });
});

describe('the alert of keysweep sweep --enforce', () => {
  const critical = `${enforceYaml}rules: { access-key-unused: { severity: critical } }\n`;
  const alerts = () => world.sandbox.messages.filter(({ attributes }) => attributes.kind?.value === 'alert');

  function sweepNotifying(topic = 'digests', args: readonly string[] = []) {
    const arn = listenTo(world.sandbox, topic);
    return world.keysweep(['sweep', '--enforce', '--ledger', 'file:L', '--yes', '--topic-arn', arn, ...args]);
  }

  it.each([
    ['at once', 0, 1],
    ['a millisecond before the night is over', 12 * HOUR - 1, 1],
    ['when the night is over', 12 * HOUR, 2],
  ])('is sent once a night: again %s', async (_, later, count) => {
    await world.writePolicy(enforceYaml);
    await sweepNotifying();
    world.sandbox.clock.advance(later);
    const { code, stderr } = await sweepNotifying();
    expect(code).toBe(0);
    expect(alerts()).toHaveLength(count);
    const isNotifiedAgain = count > 1;
    expect(stderr.includes('keysweep: 1 critical finding: already delivered at 2026-')).toBe(!isNotifiedAgain);
  });

  it('makes a second run of the night publish nothing, and change nothing', async () => {
    await world.writePolicy(enforceYaml);
    await sweepNotifying();
    world.sandbox.clock.advance(13 * DAY);
    await sweepNotifying();
    world.sandbox.clock.advance(DAY);
    await sweepNotifying();
    const before = { changes: changes(), notified: notified() };
    expect(before.changes).toHaveLength(2);
    world.sandbox.clock.advance(HOUR);
    const { code, stdout } = await sweepNotifying('digests', ['--output', 'json']);
    expect({ code, changes: changes(), notified: notified() }).toEqual({ code: 0, ...before });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'complete', actions: [] });
  });

  it('goes out where it says something else than earlier tonight', async () => {
    await world.writePolicy(enforceYaml);
    await sweepNotifying();
    await world.writePolicy(critical);
    const { stderr } = await sweepNotifying();
    expect(stderr).not.toContain('already delivered');
    expect(alerts()).toHaveLength(2);
    await sweepNotifying();
    expect(alerts()).toHaveLength(2);
  });

  it('goes out to a topic that has not had it', async () => {
    await world.writePolicy(enforceYaml);
    await sweepNotifying('digests');
    await sweepNotifying('others');
    expect(alerts().map(({ topicArn }) => topicArn)).toEqual([
      listenTo(world.sandbox, 'digests'),
      listenTo(world.sandbox, 'others'),
    ]);
  });

  it('is sent again by the next run where no one got it, and the sweep is partial', async () => {
    await world.writePolicy(enforceYaml);
    const deaf = world.sandbox.topicArn('deaf');
    const args = ['sweep', '--enforce', '--ledger', 'file:L', '--yes', '--topic-arn', deaf];
    for (const count of [1, 2]) {
      const { code, stderr } = await world.keysweep(args);
      expect(code).toBe(2);
      expect(stderr).toContain('no channel reaches people: no one is subscribed');
      expect(stderr).toContain('the alert is undelivered');
      expect(alerts()).toHaveLength(count);
    }
    expect(changes()).toEqual([]);
  });

  it('is sent by the next run where it could not be handed over', async () => {
    await world.writePolicy(enforceYaml);
    const fault = world.sandbox.faults.add({ action: 'sns:Publish', kind: 'denied' });
    expect((await sweepNotifying()).code).toBe(2);
    fault.remove();
    await sweepNotifying();
    expect(notified()).toEqual(['alert', 'digest']);
  });

  it('is not taken for notified after a dry run or with --no-notify', async () => {
    await world.writePolicy(enforceYaml);
    await sweep();
    await world.keysweep(['sweep', '--ledger', 'file:L', '--topic-arn', listenTo(world.sandbox, 'digests')]);
    expect(notified()).toEqual([]);
    await sweepNotifying();
    expect(notified()).toEqual(['alert']);
  });
});

describe('keysweep sweep', () => {
  it('is a dry run without --enforce, and says so', async () => {
    await world.writePolicy(enforceYaml);
    const { code, stdout, stderr } = await world.keysweep(['sweep', '--ledger', 'file:L']);
    expect(code).toBe(0);
    expect(stderr).toContain('dry run: --enforce was not given (the policy says mode: enforce)');
    expect(stdout).toContain('With --enforce: 0 deactivated, 0 deleted, 3 notices');
    expect(stdout).toContain('Nothing was changed and no one was notified.');
    await expect(readFile(join(world.directory, 'L'))).rejects.toThrow('ENOENT');
  });

  it('names both things that are missing', async () => {
    const { stderr } = await world.keysweep(['sweep']);
    expect(stderr).toContain('the policy says mode: audit, in which a sweep takes no action on keys, and --enforce');
  });

  it.each([
    [['--enforce', '--ledger', 'file:L'], 'choose whom to notify'],
    [
      ['--enforce', '--ledger', 'file:L', '--no-notify', '--as-of', '2026-11-02T00:00:00Z'],
      'changes need the real time',
    ],
    [
      ['--enforce', '--ledger', 'file:L', '--no-notify', '--topic-arn', 'arn:aws:sns:eu-west-1:111122223333:t'],
      "'--topic-arn <arn>' cannot be used with option '--no-notify'",
    ],
    [['--topic-arn', 'digests'], 'error[TopicInvalid]: not an SNS topic ARN: "digests"'],
    [['--topic-arn', 'arn:aws:sns:eu-west-1:111122223333:t.fifo'], 'error[TopicInvalid]: a FIFO topic cannot reach'],
    [['--ledger', 'L'], 'Give file:PATH or dynamodb:TABLE'],
    [['--ledger', 'dynamodb:no table'], 'Give file:PATH or dynamodb:TABLE'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await world.keysweep(['sweep', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(world.sandbox.requestCounts()).toEqual({});
  });
});

describe('keysweep sweep --enforce at a terminal', () => {
  /** Answers, and keeps the questions. */
  function someone(answer: string | undefined) {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answer;
    };
    return { ask, questions };
  }

  it.each(['acme', '111122223333'])('shows the changes and where, and continues after %s', async (answer) => {
    await world.writePolicy(enforceYaml);
    await warnAll();
    const { ask, questions } = someone(answer);
    const { code, stderr } = await sweep([], { ask });
    expect(code).toBe(0);
    expect(questions).toEqual(["Type the account's alias or id to continue (acme or 111122223333): "]);
    expect(stderr).toContain('TO BE DEACTIVATED (2)');
    const [, about] = stderr.split('About to sweep:\n');
    expect(about?.split('\n').slice(0, 7)).toEqual([
      '  account  111122223333 (acme)',
      '  caller   arn:aws:sts::111122223333:assumed-role/KeysweepOperator/operator',
      `  policy   ${join(world.directory, 'keysweep.yaml')}`,
      '  mode     enforce',
      '  ledger   file:L',
      '  notices  1, sent to no one (--no-notify), and count as delivered',
      '  changes  2 keys deactivated, 0 keys deleted',
    ]);
    expect(changes()).toHaveLength(2);
  });

  it.each(['', 'y', 'n', 'no', 'yes', 'ACME', 'acm', '1111 2222 3333', undefined])(
    'does nothing at all after the answer %j',
    async (answer) => {
      await world.writePolicy(enforceYaml);
      await warnAll();
      const before = await readFile(join(world.directory, 'L'), 'utf8');
      const { code, stdout, stderr } = await sweep([], { ask: async () => answer });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('keysweep: Cancelled, nothing changed.\n');
      expect(changes()).toEqual([]);
      expect(await readFile(join(world.directory, 'L'), 'utf8')).toBe(before);
    },
  );

  it('asks before notices too, names the topic, and leaves no ledger behind after a no', async () => {
    await world.writePolicy(enforceYaml.replace('enforce', 'warn'));
    const topic = listenTo(world.sandbox, 'digests');
    const args = ['sweep', '--enforce', '--ledger', 'file:L', '--topic-arn', topic];
    const { stderr } = await world.keysweep(args, { ask: async () => 'no' });
    expect(stderr).toContain(`  mode     warn\n`);
    expect(stderr).toContain(`  notices  3, to ${topic}\n`);
    expect(stderr).toContain('Cancelled, nothing changed.');
    expect(notified()).toEqual([]);
    await expect(readFile(join(world.directory, 'L'))).rejects.toThrow('ENOENT');
  });

  it('asks for the id alone where the account has no alias, and does not repeat what was typed', async () => {
    await world.writePolicy(enforceYaml);
    world.sandbox.faults.add({ action: 'iam:ListAccountAliases', kind: 'denied' });
    const { ask, questions } = someone('acme-prod-2');
    const { stderr } = await sweep([], { ask });
    expect(questions).toEqual(["Type the account's id to continue (111122223333): "]);
    expect(stderr).toContain('  The answer was not 111122223333.\n');
    expect(stderr).not.toContain('acme-prod-2');
  });

  it('does not ask with --yes, nor where nothing is to be done', async () => {
    await world.writePolicy(enforceYaml);
    const ask = () => Promise.reject(new Error('nothing to ask'));
    expect((await sweep(['--yes'], { ask })).code).toBe(0);
    expect((await sweep([], { ask })).code).toBe(0);
    pass(13);
    await sweep();
    pass(1);
    expect((await sweep(['--yes'], { ask })).code).toBe(0);
    expect(changes()).toHaveLength(2);
  });
});
