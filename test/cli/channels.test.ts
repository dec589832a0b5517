import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyUses } from '../../core/key-policy/uses.ts';
import { channelsSchema } from '../../reports/channels/schema.ts';
import { commandSandbox } from '../support/command-sandbox.ts';
import type { MemoryIoOptions } from '../support/memory-io.ts';

const world = commandSandbox(undefined, { subscriptionConfirmation: 'handshake' });
const address = 'security@example.com';
const second = 'ops@example.com';
const queue = 'arn:aws:sqs:us-east-1:111122223333:tickets';

const topicArn = (name = 'digests') => world.sandbox.topicArn(name);

function subscribe(
  protocol: string,
  endpoint: string,
  { confirmed = true, filter }: { readonly confirmed?: boolean; readonly filter?: string } = {},
) {
  const { topics } = world.sandbox;
  return topics.subscribe(topics.topic(topicArn()), protocol, endpoint, {
    confirmed,
    ...(filter !== undefined && { filter: { text: filter, scope: 'MessageAttributes' } }),
  });
}

const addresses = (...list: readonly string[]) =>
  world.writePolicy(`version: 1\ndeployment: { email: [${list.join(', ')}] }\n`);

function channels(args: readonly string[] = [], options: Partial<MemoryIoOptions> = {}) {
  return world.keysweep(['channels', '--topic-arn', topicArn(), '--quiet', ...args], options);
}

async function asData(...args: readonly string[]) {
  const { code, stdout } = await channels(['--output', 'json', ...args]);
  const data = channelsSchema.parse(JSON.parse(stdout));
  expect(data.sound).toBe(code === 0);
  return { code, data, topic: data.topics[0] };
}

/** Of the last command. */
const subscribeRequests = () => world.sandbox.requests.filter(({ action }) => action === 'sns:Subscribe');

describe('keysweep channels', () => {
  it('a topic without a subscriber reaches no one', async () => {
    const { code, stdout, stderr } = await channels();
    expect(code).toBe(2);
    expect(stdout).toContain(`TOPIC ${topicArn()}`);
    expect(stdout).toContain('No one is reached: no notice counts, no clock starts, nothing is changed.');
    expect(stdout).toContain('There are no subscriptions.');
    expect(stderr).toBe(`keysweep: ${topicArn()}: no channel reaches people: no one is subscribed (exit code 2)\n`);
  });

  it('a confirmed address is reached', async () => {
    await addresses(address);
    subscribe('email', address);
    const { code, stdout, stderr } = await channels();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('People are reached.');
    expect(stdout).toMatch(/yes +confirmed +security@example\.com/);
    expect((await asData()).topic).toMatchObject({
      verdict: 'reached',
      channels: [{ kind: 'email', state: 'confirmed', reach: 'reaches', configured: true }],
    });
  });

  it('a pending address is not reached, and is shown how to confirm', async () => {
    subscribe('email', address, { confirmed: false });
    const { code, stdout } = await channels();
    expect(code).toBe(2);
    expect(stdout).toMatch(/no +pending confirmation +security@example\.com/);
    expect(stdout).toContain('confirm it with the link');
    expect((await asData()).topic).toMatchObject({
      verdict: 'no-one',
      channels: [
        {
          state: 'pending',
          command: `aws sns subscribe --topic-arn ${topicArn()} --protocol email --notification-endpoint ${address} --region us-east-1`,
        },
      ],
    });
  });

  it.each(['deleted', 'missing'])(
    'a configured address that is %s is a fault although others are reached',
    async (state) => {
      await addresses(address, second);
      subscribe('email', address);
      if (state === 'deleted') world.sandbox.topics.unsubscribe(subscribe('email', second).arn);
      const { code, stdout, stderr } = await channels();
      expect(code).toBe(2);
      expect(stdout).toContain('People are reached, but 1 configured channel may not get the messages.');
      expect(stdout).toMatch(new RegExp(`no +${state} +ops@example\\.com`));
      expect(stdout).toContain(`keysweep channels --topic-arn ${topicArn()} --fix`);
      expect(stderr).toContain(`may not get the messages: ops@example.com (${state}) (exit code 2)`);
    },
  );

  it('what no one configured is no fault of the topic where it is pending', async () => {
    await addresses(address);
    subscribe('email', address);
    subscribe('email', 'stranger@example.com', { confirmed: false });
    expect((await channels()).code).toBe(0);
  });

  it('a filtered subscription counts only where it is declared, and then not for certain', async () => {
    const filter = '{"kind":["digest"]}';
    subscribe('email', address, { filter });
    const { code, topic } = await asData();
    expect(code).toBe(2);
    expect(topic).toMatchObject({ verdict: 'no-one', channels: [{ state: 'confirmed', reach: 'no' }] });
    expect(topic?.channels[0]?.command).toContain("--attribute-name FilterPolicy --attribute-value '{}'");
    await world.writePolicy(`version: 1\nnotices: { channels: [{ protocol: email, endpoint: ${address} }] }\n`);
    expect(await asData()).toMatchObject({
      code: 2,
      topic: { verdict: 'maybe', channels: [{ reach: 'may-reach' }] },
    });
  });

  it('a queue counts only where it is declared', async () => {
    subscribe('sqs', queue);
    expect(await asData()).toMatchObject({ code: 2, topic: { verdict: 'no-one', channels: [{ kind: 'other' }] } });
    await world.writePolicy(`version: 1\nnotices: { channels: [{ protocol: sqs, endpoint: "${queue}" }] }\n`);
    expect(await asData()).toMatchObject({ code: 0, topic: { verdict: 'reached', channels: [{ kind: 'declared' }] } });
  });

  it('the forwarder alone is not certain to reach people', async () => {
    const forwarder = 'arn:aws:lambda:us-east-1:111122223333:function:keysweep-forwarder';
    subscribe('lambda', forwarder);
    const { code, topic } = await asData('--forwarder', forwarder);
    expect({ code, topic }).toMatchObject({
      code: 2,
      topic: { verdict: 'forwarder', channels: [{ kind: 'forwarder' }] },
    });
  });

  it.each(['sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'])(
    'is not certain without %s',
    async (action) => {
      await addresses(address);
      subscribe('email', address);
      world.sandbox.faults.add({ action, kind: 'denied' });
      const { code, stdout } = await channels(['--fix', '--yes']);
      expect(code).toBe(2);
      expect(stdout.replace(/\s+/g, ' ')).toContain(action);
      expect(subscribeRequests()).toEqual([]);
      expect((await asData()).topic?.verdict).toBe('unknown');
    },
  );

  it('looks at several topics, and all must reach people', async () => {
    subscribe('email', address);
    const { code, data } = await asData('--topic-arn', topicArn('alerts'), '--topic-arn', topicArn());
    expect(code).toBe(2);
    expect(data.topics.map(({ verdict }) => verdict)).toEqual(['reached', 'no-one']);
  });

  it('refuses a topic of another account before anything is read, unless that is meant', async () => {
    const elsewhere = 'arn:aws:sns:us-east-1:444455556666:digests';
    const args = ['channels', '--topic-arn', topicArn(), '--topic-arn', elsewhere];
    const { code, stderr } = await world.keysweep(args);
    expect(code).toBe(2);
    expect(stderr).toContain('error[AccountMismatch]');
    expect(world.sandbox.requests.filter(({ service }) => service === 'sns')).toEqual([]);
    const meant = await world.keysweep(['channels', '--topic-arn', elsewhere, '--notify-account', '444455556666']);
    expect(meant.stderr).not.toContain('AccountMismatch');
  });

  it('warns of unsubscribing without a sign-in, with the command that confirms so that it needs one', async () => {
    const { topics } = world.sandbox;
    const open = subscribe('email', address);
    const { code, stdout } = await channels([], { env: { COLUMNS: '110' } });
    expect(code).toBe(0);
    const text = stdout.replace(/\s*\\\n\s*/g, ' ');
    expect(text).toContain(`anyone who has a message sent to ${address} can use its link`);
    expect(text).toContain(`aws sns unsubscribe --subscription-arn ${open.arn}`);
    expect(text).toContain(
      `aws sns confirm-subscription --topic-arn ${topicArn()} --token TOKEN --authenticate-on-unsubscribe true`,
    );
    topics.confirm(topicArn(), open.token, true);
    expect((await channels()).stdout).not.toContain('confirm-subscription');
  });

  it('fits 80 columns, but for words that a person must be able to copy whole', async () => {
    await addresses(address, second, 'a-rather-long-name-of-a-team-mailing-list@security.example.com');
    subscribe('email', address);
    subscribe('email', second, { confirmed: false });
    subscribe('sqs', queue);
    const { stdout } = await channels([], { env: { COLUMNS: '80' } });
    for (const line of stdout.split('\n')) {
      if (!/^ +--\S+ \S+( \\)?$/.test(line)) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });
});

describe('keysweep channels --fix', () => {
  it('subscribes missing and unsubscribed addresses after a yes, which are then pending, and nothing else', async () => {
    await addresses(address, second, 'third@example.com');
    const { topics } = world.sandbox;
    const kept = subscribe('email', address, { confirmed: false });
    topics.unsubscribe(subscribe('email', second).arn);
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return 'yes';
    };
    const { code, stdout, stderr } = await channels(['--fix'], { ask });
    expect(code).toBe(2);
    expect(questions).toHaveLength(1);
    expect(stderr).toContain(`subscribe ${second} to ${topicArn()}\nsubscribe third@example.com to ${topicArn()}\n`);
    expect(stdout).toContain(`Subscribed ${second} to ${topicArn()}`);
    expect(subscribeRequests().map(({ params }) => [params.Protocol, params.Endpoint])).toEqual([
      ['email', second],
      ['email', 'third@example.com'],
    ]);
    expect(kept).toMatchObject({ confirmed: false });
    const writes = world.sandbox.requests.filter(({ action }) => /Unsubscribe|Set|Confirm|Publish/.test(action));
    expect(writes).toEqual([]);
  });

  it('shows as pending confirmation what it has asked for, in the published JSON', async () => {
    await addresses(address);
    const { code, data } = await asData('--fix', '--yes');
    expect(code).toBe(2);
    expect(data).toMatchObject({
      subscribed: [{ topicArn: topicArn(), protocol: 'email', endpoint: address }],
      topics: [{ channels: [{ endpoint: address, state: 'pending', reach: 'no' }] }],
      problems: [],
    });
    expect(subscribeRequests()).toHaveLength(1);
    await channels(['--fix', '--yes']);
    expect(subscribeRequests()).toEqual([]);
  });

  it.each([{ answer: 'no' }, { answer: undefined }])('does nothing where the answer is $answer', async ({ answer }) => {
    await addresses(address);
    const { code, stderr } = await channels(['--fix'], { ask: async () => answer });
    expect(code).toBe(2);
    expect(stderr).toContain('keysweep: Cancelled, nothing changed.\n');
    expect(subscribeRequests()).toEqual([]);
  });

  it('from a script it wants --yes', async () => {
    await addresses(address);
    expect((await channels(['--fix'])).stderr).toContain('error[ConfirmationMissing]');
    expect(subscribeRequests()).toEqual([]);
  });

  it('says which address could not be subscribed, and continues with the others', async () => {
    await addresses(address, second);
    world.sandbox.faults.add({ action: 'sns:Subscribe', kind: 'denied', count: 1 });
    const { code, data } = await asData('--fix', '--yes');
    expect(code).toBe(2);
    expect(data.subscribed.map(({ endpoint }) => endpoint)).toEqual([second]);
    expect(data.problems).toEqual([expect.stringContaining(`${address} could not be subscribed`)]);
  });

  it('asks nothing and subscribes no one without a fault', async () => {
    await addresses(address);
    subscribe('email', address);
    const ask = () => Promise.reject(new Error('asked'));
    expect((await channels(['--fix'], { ask })).code).toBe(0);
    expect(subscribeRequests()).toEqual([]);
  });
});

describe('the policy of the deployment’s own key', () => {
  const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/0b1c2d3e-0000-4000-8000-000000000000';
  const required = keyUses({ keyArn, account: '111122223333', forwarder: false }).map(({ statement }) => statement);
  const policyOf = (statements: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

  const writeKeyPolicy = (text: string) => writeFile(join(world.directory, 'key-policy.json'), text);

  async function deployed() {
    await world.writePolicy(`version: 1\ndeployment: { email: [${address}], encryptionKey: "${keyArn}" }\n`);
    subscribe('email', address);
  }

  it('is read from AWS: sound where it allows all that is needed, else the statement to add is named', async () => {
    await deployed();
    world.sandbox.keyPolicies.set(keyArn, policyOf(required));
    expect(await channels()).toMatchObject({ code: 0, stdout: expect.stringContaining('Its policy allows all') });
    world.sandbox.keyPolicies.set(keyArn, policyOf(required.filter(({ Sid }) => Sid !== 'Alarms')));
    const { code, stdout } = await channels();
    expect(code).toBe(2);
    expect(stdout).toMatch(/no +cloudwatch\.amazonaws\.com/);
  });

  it.each([
    ['denied', /lacks kms:GetKeyPolicy/],
    ['server-error', /kms:GetKeyPolicy/],
  ] as const)('that cannot be read (%s) is not checked: the command says why and how, and fails', async (kind, why) => {
    await deployed();
    world.sandbox.keyPolicies.set(keyArn, policyOf(required));
    world.sandbox.faults.add({ action: 'kms:GetKeyPolicy', kind });
    const { code, stdout, stderr } = await channels();
    expect(code).toBe(2);
    expect(stdout).toContain('Not checked. Its policy could not be read');
    expect(stdout).toContain('aws kms get-key-policy');
    expect(stderr).toMatch(why);
    expect((await asData()).data.key).toEqual({ keyArn, checked: false, why: expect.stringMatching(why), uses: [] });
  });

  it('that does not exist fails', async () => {
    await deployed();
    expect(await channels()).toMatchObject({ code: 2, stderr: expect.stringContaining('could not be read') });
  });

  it('that allows all that is needed is sound', async () => {
    await deployed();
    await writeKeyPolicy(policyOf(required));
    const { code, stdout } = await channels(['--key-policy', 'key-policy.json']);
    expect(code).toBe(0);
    expect(stdout).toContain('Its policy allows all that is needed.');
    expect(stdout).toMatch(/yes +cloudwatch\.amazonaws\.com/);
  });

  it('that lacks a statement fails, with the statement to add', async () => {
    await deployed();
    await writeKeyPolicy(policyOf(required.filter(({ Sid }) => Sid !== 'Alarms')));
    const { code, stdout, stderr } = await channels(['--key-policy', 'key-policy.json']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/no +cloudwatch\.amazonaws\.com/);
    expect(stdout).toContain(`    ${JSON.stringify(required.find(({ Sid }) => Sid === 'Alarms'))}\n`);
    expect(stderr).toBe(
      `keysweep: the policy of ${keyArn}: no statement allows cloudwatch.amazonaws.com kms:Decrypt, kms:GenerateDataKey; without it no alarm is delivered (exit code 2)\n`,
    );
    const { data } = await asData('--key-policy', 'key-policy.json');
    expect(data.key?.uses.filter(({ verdict }) => verdict !== 'allowed').map(({ use }) => use)).toEqual(['alarms']);
  });

  it('may come from stdin', async () => {
    await deployed();
    const { code } = await channels(['--key-policy', '-'], { stdin: policyOf(required) });
    expect(code).toBe(0);
  });

  it('without such a key is an error, and so is a file that is none', async () => {
    await addresses(address);
    await writeKeyPolicy('no');
    expect((await channels(['--key-policy', 'key-policy.json'])).stderr).toContain('names no deployment.encryptionKey');
    await deployed();
    expect(await channels(['--key-policy', 'key-policy.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('this is not a key policy'),
    });
  });
});
