import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import { enforceYaml } from '../support/command-sandbox.ts';
import { listenTo } from '../support/listeners.ts';
import { enforced, sweepCommands } from '../support/sweep-commands.ts';

const { world, sweep, sweepNotifying, pass, changes, notified } = sweepCommands();

describe('the messages of keysweep sweep --enforce', () => {
  it('notifies people and deactivates nothing in mode warn', async () => {
    await world.writePolicy(enforceYaml.replace('enforce', 'warn'));
    const { stderr } = await sweepNotifying();
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
    const swept = await sweepNotifying();
    const said = /the alert has no room for \d+ critical findings in every format/;
    expect({ code: swept.code, said: said.test(swept.stderr) }).toEqual({ code, said: code === 2 });
  });

  it('sends one digest to the topic, after an alert about what is critical: root has no MFA here', async () => {
    await world.writePolicy(enforceYaml);
    const { stdout } = await sweepNotifying('digests', ['--output', 'json']);
    expect(JSON.parse(stdout).topicArn).toBe(world.sandbox.topicArn('digests'));
    expect(notified()).toEqual(['alert', 'digest']);
    for (const { subject } of world.sandbox.messages) expect(subject).toMatch(/^\[acme\] /);
  });

  it('puts what it did on the bus where one is named, and names the bus in the command that undoes it', async () => {
    await world.writePolicy(enforceYaml);
    const bus = ['--event-bus', 'default'];
    for (const days of [13, 1, 0]) {
      await sweepNotifying('digests', bus);
      world.sandbox.clock.advance(days * DAY);
    }
    const types = world.sandbox.busEvents.map(({ detailType }) => detailType);
    expect(new Set(types)).toEqual(new Set(['Credential Warned', 'Credential Deactivated']));
    expect(world.sandbox.messages.at(-1)?.bodies.email).toContain(
      `--topic-arn ${world.sandbox.topicArn('digests')} ${bus.join(' ')}\n`,
    );
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
    const { code, stderr } = await world.keysweep([...enforced, '--yes', '--topic-arn', topic]);
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
});

describe('the alert of keysweep sweep --enforce', () => {
  const critical = `${enforceYaml}rules: { access-key-unused: { severity: critical } }\n`;
  const alerts = () => world.sandbox.messages.filter(({ attributes }) => attributes.kind?.value === 'alert');

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
    for (const count of [1, 2]) {
      const { code, stderr } = await world.keysweep([...enforced, '--yes', '--topic-arn', deaf]);
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
