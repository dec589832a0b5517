import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enforceYaml } from '../support/command-sandbox.ts';
import { enforced, sweepCommands } from '../support/sweep-commands.ts';

const { world, sweep, sweepNotifying, pass, warnAll, changes, notified } = sweepCommands();

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
      '  notices  about 3 keys, sent to no one (--no-notify), and count as delivered',
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
    const { stderr } = await sweepNotifying('digests', [], { ask: async () => 'no' });
    expect(stderr).toContain(`  mode     warn\n`);
    expect(stderr).toContain(`  notices  about 3 keys, to ${world.sandbox.topicArn('digests')}\n`);
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

describe('keysweep sweep --enforce from a script', () => {
  it.each(['warn', 'enforce'])('needs --yes where no one can be asked, in mode %s', async (mode) => {
    await world.writePolicy(enforceYaml.replace('enforce', mode));
    const { code, stdout, stderr } = await world.keysweep([...enforced, '--no-notify']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[ConfirmationMissing]');
    expect(stderr).toContain('In a script, use --yes.');
    expect(world.sandbox.requestCounts()).toEqual({});
  });
});
