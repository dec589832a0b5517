import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enforceYaml } from '../support/command-sandbox.ts';
import { enforced, sweepCommands } from '../support/sweep-commands.ts';

const { world, sweep } = sweepCommands();

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

describe('keysweep sweep --enforce without effect', () => {
  it.each([
    ['in a script', ['--yes'], 2, ' (exit code 2)'],
    ['in a script, --quiet or not', ['--yes', '--quiet'], 2, ' (exit code 2)'],
    ['without --yes', [], 0, ''],
  ])('writes nothing in mode audit, and says that it had no effect: %s', async (_, args, expected, failed) => {
    await world.writePolicy('version: 1\nmode: audit\n');
    const { code, stderr, stdout } = await world.keysweep([...enforced, '--no-notify', ...args]);
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
});
