/** What `sweep --enforce` asks about, and that it does nothing else. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../core/duration.ts';
import { enforceYaml } from '../support/command-sandbox.ts';
import { listenTo } from '../support/listeners.ts';
import { enforced, sweepCommands } from '../support/sweep-commands.ts';
import { oldKey, staleKey, unusedKey } from '../support/sweep-world.ts';

const { world, sweep, changes, notified } = sweepCommands();

/** Runs a sweep for someone who answers when `meanwhile` is over. */
async function answerAfter(meanwhile: () => unknown, args: readonly string[] = ['--no-notify'], answer = 'acme') {
  let asked = 0;
  const swept = await world.keysweep([...enforced, ...args], {
    now: () => world.sandbox.clock.now(),
    ask: async () => {
      asked++;
      await meanwhile();
      return answer;
    },
  });
  const [, question = ''] = swept.stderr.split('About to sweep:\n');
  const [rows = ''] = question.split('\n\n');
  return { ...swept, asked, rows: rows.split('\n').map((row) => row.trim()) };
}

/** Sweeps without questions; after each of them this much time passes. */
async function sweepAndWait(...times: readonly number[]): Promise<void> {
  for (const time of times) {
    await sweep();
    world.sandbox.clock.advance(time);
  }
}

describe('what falls due while someone thinks', () => {
  it('waits for the next sweep: no key is deactivated of which the question did not say so', async () => {
    await world.writePolicy(enforceYaml);
    const topic = listenTo(world.sandbox, 'digests');
    await sweepAndWait(13 * DAY, DAY - 2 * HOUR);
    const { code, rows, stderr } = await answerAfter(
      () => world.sandbox.clock.advance(3 * HOUR),
      ['--topic-arn', topic],
    );
    expect(rows).toContain('changes  0 keys deactivated, 0 keys deleted');
    expect(changes()).toEqual([]);
    expect(code).toBe(2);
    expect(stderr).toContain('the sweep is partial: 2 keys not processed');
    expect(stderr).toContain('it was not due when this sweep was planned; the next sweep decides again');
    await sweepAndWait(0);
    expect(changes().toSorted()).toEqual([`Inactive ${staleKey}`, `Inactive ${unusedKey}`].toSorted());
  });

  it('waits where the limit of the night had no room for it, and the night ends', async () => {
    await world.writePolicy(enforceYaml);
    await sweepAndWait(13 * DAY, DAY);
    await world.writePolicy(`${enforceYaml}limits: { maxDeactivations: 1 }\n`);
    await sweepAndWait(12 * HOUR - MINUTE);
    expect(changes()).toHaveLength(1);
    const topic = ['--topic-arn', listenTo(world.sandbox, 'digests')];
    const { rows } = await answerAfter(() => world.sandbox.clock.advance(DAY), topic);
    expect(rows).toContain('changes  0 keys deactivated, 0 keys deleted');
    expect(changes()).toHaveLength(1);
  });

  it('an alert that was not announced is not sent', async () => {
    await world.writePolicy(enforceYaml);
    const topic = ['--topic-arn', listenTo(world.sandbox, 'digests')];
    await world.keysweep([...enforced, ...topic, '--yes']);
    world.sandbox.account.setAccessKeyStatus(oldKey, 'Inactive');
    world.sandbox.clock.advance(12 * HOUR - MINUTE);
    const { rows } = await answerAfter(() => world.sandbox.clock.advance(HOUR), topic);
    expect(rows.filter((row) => row.startsWith('alert'))).toEqual([]);
    expect(notified()).toEqual(['alert', 'digest', 'digest']);
  });
});

describe('a sweep that only records or sends something', () => {
  it.each(['acme', 'no'])('asks where a key was deactivated by someone else, and does as told: %s', async (answer) => {
    await world.writePolicy(enforceYaml);
    await sweepAndWait(DAY);
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
    const before = await readFile(join(world.directory, 'L'), 'utf8');
    const { asked, rows, stderr } = await answerAfter(() => {}, undefined, answer);
    expect(asked).toBe(1);
    expect(stderr).toMatch(new RegExp(`TO BE RECORDED \\(1\\)\n +alice +${staleKey} +found deactivated`));
    expect(rows).toContain('recorded 1 key found changed, or no longer due');
    expect(rows).toContain('changes  0 keys deactivated, 0 keys deleted');
    const after = await readFile(join(world.directory, 'L'), 'utf8');
    expect(after === before).toBe(answer === 'no');
  });

  it('asks where only an alert would go out, and names it', async () => {
    await world.writePolicy(enforceYaml);
    await sweepAndWait(DAY);
    const topic = listenTo(world.sandbox, 'digests');
    const { asked, rows } = await answerAfter(() => {}, ['--topic-arn', topic], 'no');
    expect(asked).toBe(1);
    expect(rows).toContain(`alert    1 critical finding, to ${topic}`);
    expect(rows.filter((row) => /^(notices|events)/.test(row))).toEqual([]);
    expect(notified()).toEqual([]);
  });

  it('asks where an earlier sweep could not deliver a notice', async () => {
    await world.writePolicy(enforceYaml);
    await sweepAndWait(DAY);
    world.sandbox.account.useAccessKey(staleKey, new Date(world.sandbox.clock.now().getTime() - 6 * HOUR));
    const topic = ['--topic-arn', listenTo(world.sandbox, 'digests')];
    const fault = world.sandbox.faults.add({ action: 'sns:Publish', after: 1, kind: 'denied' });
    await world.keysweep([...enforced, '--yes', ...topic]);
    fault.remove();
    expect(notified()).toEqual(['alert']);
    const { asked, rows } = await answerAfter(() => {}, topic);
    expect(asked).toBe(1);
    expect(rows).toContain('earlier  what earlier sweeps left unfinished about 1 key');
    expect(notified()).toEqual(['alert', 'digest']);
  });
});

describe('the places in the question', () => {
  it('are those of the notices and events that would be sent: a change alone is notified as well', async () => {
    await world.writePolicy(enforceYaml);
    await sweepAndWait(13 * DAY, DAY);
    const { rows } = await answerAfter(() => {}, ['--no-notify', '--event-bus', 'default']);
    expect(rows).toContain('notices  about 3 keys, sent to no one (--no-notify), and count as delivered');
    expect(rows).toContain('events   one for each of 3 keys, to default');
    expect(rows).toContain('changes  2 keys deactivated, 0 keys deleted');
    expect(world.sandbox.busEvents).toHaveLength(3);
  });
});

describe('a ledger that does not exist', () => {
  it('is noted once: before the question, not again after it', async () => {
    await world.writePolicy(enforceYaml);
    const { stderr } = await answerAfter(() => {});
    expect(stderr.match(/does not exist yet|did not exist/g)).toEqual(['does not exist yet']);
  });
});

describe('a name in the question that looks like a secret access key', () => {
  const random = 'wJalrXUtnFEMI7K7MDENG8bPxRfiCYzEXAMPLEKE';

  it.each([undefined, 60, 100])('of a user is shown, since it says whose key changes; columns: %s', async (columns) => {
    await world.writePolicy(enforceYaml);
    world.sandbox.account.createUser(random);
    world.sandbox.account.createAccessKey(random);
    world.sandbox.clock.advance(100 * DAY);
    await sweepAndWait(13 * DAY, DAY);
    const { stderr } = await world.keysweep([...enforced, '--no-notify'], {
      now: () => world.sandbox.clock.now(),
      ask: async () => 'no',
      ...(columns !== undefined && { columns }),
    });
    // In a narrow table the name goes on in the next line.
    expect(stderr).toMatch(/wJalrXUtnFEMI7K7MDENG8bPxRfiCYzEX[\s\S]*AMPLEKE/);
    expect(stderr).not.toContain('<redacted>');
  });

  it('of a directory is not: the policy is shown as it was named', async () => {
    const directory = join(world.directory, random);
    await mkdir(directory);
    await writeFile(join(directory, 'keysweep.yaml'), enforceYaml);
    const { stderr } = await world.keysweep([...enforced, '--no-notify'], { directory, ask: async () => 'no' });
    expect(stderr).toContain('  policy   keysweep.yaml\n');
  });
});
