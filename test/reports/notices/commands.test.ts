import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RetirableKind } from '../../../core/kinds/kinds.ts';
import { reactivateCommand } from '../../../reports/notices/commands.ts';
import { isNoticeData } from '../../../reports/slack/notice-data.ts';
import { digestItem, digestOf } from '../../support/digest-fixture.ts';

const credential = { kind: 'access-key', id: 'AKIAIOSFODNN7EXAMPLE' } as const;

function commandFor(userName: string, partition = 'aws'): string | undefined {
  return reactivateCommand({ userName, credential, partition });
}

/** The words of the command as a shell passes them. */
function wordsIn(shellCommand: string, shell = 'sh'): readonly string[] {
  const show = `show() { for word; do printf '%s\\n' "$word"; done; }; show ${shellCommand}`;
  return execFileSync(shell, ['-c', show], { encoding: 'utf8' }).trimEnd().split('\n');
}

describe('the AWS CLI line that reactivates a key', () => {
  it.each([
    ['alice', '--user-name alice'],
    ['ana+eu=qa,team@acme.example', '--user-name ana+eu=qa,team@acme.example'],
    // zsh reads the path of a command.
    ['=cmd+helper', "--user-name '=cmd+helper'"],
    // The AWS CLI reads an option.
    ['--help', '--user-name=--help'],
    ['-', '--user-name=-'],
  ])('names the user %s', (name, option) => {
    expect(commandFor(name)).toBe(
      `aws iam update-access-key ${option} --access-key-id ${credential.id} --status Active`,
    );
  });

  it.each([
    ['aws', undefined],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-iso', 'us-iso-east-1'],
    ['aws-new', undefined],
  ])('in partition %s has the region %s: elsewhere IAM does not know the account', (partition, region) => {
    expect(commandFor('alice', partition)?.split(' --region ')[1]).toBe(region);
  });

  it.each(['a b', 'a;id', '$(id)', 'a`id`', "it's", 'a\nb', 'a/b', '', 'a\u202e'])(
    'is none for %j, which is the name of no IAM user',
    (name) => {
      expect(commandFor(name)).toBeUndefined();
    },
  );

  it('is none for an id that AWS never gives, and for other kinds', () => {
    const common = { userName: 'alice', partition: 'aws' };
    expect(reactivateCommand({ ...common, credential: { ...credential, id: 'AKIA;id' } })).toBeUndefined();
    const invented = 'token' as RetirableKind;
    expect(reactivateCommand({ ...common, credential: { kind: invented, id: 'TOKN1' } })).toBeUndefined();
  });

  it('means the same to a shell, and may be shown in Slack, whatever IAM takes as a name', () => {
    const names = fc.string({ unit: fc.constantFrom(...'aZ09_+=,.@-'), minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(names, (name) => {
        const command = commandFor(name) ?? '';
        const [aws, iam, operation, ...rest] = wordsIn(command);
        expect([aws, iam, operation]).toEqual(['aws', 'iam', 'update-access-key']);
        const user =
          rest[0] === '--user-name' ? rest.slice(0, 2) : ['--user-name', rest[0]?.replace('--user-name=', '')];
        expect(user).toEqual(['--user-name', name]);
        const { notice } = { notice: digestOf([digestItem('deactivated', { by: 'keysweep', name })]) };
        expect(notice.data.items[0]?.undoWithAwsCli).toContain(name);
        expect(isNoticeData(notice.data)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
