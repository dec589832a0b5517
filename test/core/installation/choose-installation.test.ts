/** Which installation a command works with: one that all facts agree on, or none. */
import { describe, expect, it } from 'vitest';
import {
  chooseInstallation,
  type InstallationFacts,
  type InstallationParameter,
  readInstallation,
} from '../../../core/installation/choose-installation.ts';
import type { Installation, InstallationMark } from '../../../core/installation/installation.ts';
import type { LiveRead, ReadProblem } from '../../../core/ports.ts';

const account = '111122223333';
const region = 'eu-central-1';
const topic = (name: string) => `arn:aws:sns:${region}:${account}:${name}`;

const installation: Installation = {
  schema: 'keysweep/installation/v1',
  stack: 'Keysweep',
  account,
  region,
  ledger: 'Keysweep-Ledger',
  topicArn: topic('digests'),
  alertTopicArn: topic('alerts'),
  alarmTopicArn: topic('alarms'),
  eventBus: 'default',
};

function parameter(fields: Partial<Installation> = {}, stack = fields.stack ?? 'Keysweep'): InstallationParameter {
  return { name: `/keysweep/installations/${stack}`, value: JSON.stringify({ ...installation, ...fields }) };
}

const ok = <T>(value: T): LiveRead<T> => ({ ok: true, value });
const problem = (code: ReadProblem['code']) =>
  ({ ok: false, problem: { code, message: `the problem: ${code}` } }) as const;
const mark = (fields: Partial<InstallationMark> = {}): LiveRead<InstallationMark> => {
  return ok({ account, region, table: 'Keysweep-Ledger', ...fields });
};

const chosen = (facts: Partial<InstallationFacts> = {}) => {
  return chooseInstallation({ account, region, parameters: ok([parameter()]), mark: mark(), asked: {}, ...facts });
};

describe('the installation of a command', () => {
  it.each<[string, Partial<InstallationFacts>]>([
    ['the only one', {}],
    ['the only one, asked for by name', { asked: { stack: 'Keysweep' } }],
    ['the only one, in the region that was asked for', { asked: { region } }],
    [
      'the one of several that was asked for',
      { parameters: ok([parameter({ stack: 'Old' }), parameter()]), asked: { stack: 'Keysweep' } },
    ],
    ['one whose mark cannot be read', { mark: problem('access-denied') }],
    ['one whose mark was throttled', { mark: problem('throttled') }],
  ])('is %s', (_, facts) => {
    expect(chosen(facts)).toEqual({ kind: 'found', installation });
  });

  it('comes with a warning if nothing marks it: its stack may have been deleted', () => {
    const warning =
      'there is a parameter /keysweep/installations/Keysweep, but no role keysweep-installation: was the stack deleted?';
    expect(chosen({ mark: problem('not-found') })).toEqual({ kind: 'found', installation, warning });
  });

  it('is none if there is neither parameter nor mark', () => {
    expect(chosen({ parameters: ok([]), mark: problem('not-found') })).toEqual({ kind: 'none' });
  });

  const unread = { parameters: problem('access-denied') };

  it.each<[string, Partial<InstallationFacts>, string]>([
    ['the parameters cannot be read', unread, 'the problem: access-denied'],
    ['there is no parameter', { parameters: ok([]) }, 'there is no parameter /keysweep/installations/STACK'],
  ])('is known by its ledger if it is marked, and %s', (_, facts, why) => {
    const known = { account, region, table: 'Keysweep-Ledger' };
    expect(chosen(facts)).toEqual({ kind: 'marked', mark: known, why: expect.stringContaining(why) });
  });

  it.each<[string, 'unmarked' | 'unknown', Partial<InstallationFacts>, string]>([
    [
      'the parameters cannot be read, and nothing marks it',
      'unmarked',
      { ...unread, mark: problem('not-found') },
      'the problem: access-denied',
    ],
    [
      'neither parameters nor mark can be read',
      'unknown',
      { ...unread, mark: problem('throttled') },
      'the problem: access-denied',
    ],
    [
      'the parameters cannot be read, and a stack is asked for: the mark names none',
      'unknown',
      { ...unread, asked: { stack: 'Keysweep' } },
      'the problem: access-denied',
    ],
    [
      'there is no parameter, and the mark cannot be read',
      'unknown',
      { parameters: ok([]), mark: problem('access-denied') },
      'whether it is in another region is not known: the problem: access-denied',
    ],
  ])('is not known, which is not none, if %s', (_, kind, facts, why) => {
    expect(chosen(facts)).toEqual({ kind, why: expect.stringContaining(why) });
  });

  it.each<[string, Partial<InstallationFacts>, string, string]>([
    [
      'several, and none asked for',
      { parameters: ok([parameter({ stack: 'Old' }), parameter()]) },
      'InstallationAmbiguous',
      'found 2 installations of keysweep in account 111122223333, region eu-central-1: Old, Keysweep',
    ],
    ['another stack asked for', { asked: { stack: 'Other' } }, 'StackUnknown', 'found Keysweep'],
    [
      'a stack asked for where there is none',
      { parameters: ok([]), asked: { stack: 'Keysweep' } },
      'StackUnknown',
      'found none',
    ],
    [
      'another account',
      { parameters: ok([parameter({ account: '999988887777' })]) },
      'InstallationMismatch',
      'account 999988887777',
    ],
    [
      'another region',
      { parameters: ok([parameter({ region: 'eu-west-1' })]) },
      'InstallationMismatch',
      'region eu-west-1',
    ],
    [
      'another stack in the value',
      { parameters: ok([parameter({ stack: 'Copy' }, 'Keysweep')]) },
      'InstallationMismatch',
      'stack Copy',
    ],
    [
      'another table in the mark',
      { mark: mark({ table: 'Restored' }) },
      'InstallationMismatch',
      'ledger Keysweep-Ledger, but Restored',
    ],
    [
      'another account in the mark',
      { ...unread, mark: mark({ account: '999988887777' }) },
      'InstallationMismatch',
      'the role keysweep-installation names account 999988887777',
    ],
    [
      'another region than --region',
      { asked: { region: 'us-east-1' } },
      'InstallationMismatch',
      '--region says us-east-1, but keysweep is installed in eu-central-1',
    ],
  ])('is refused: %s', (_, facts, code, message) => {
    expect(() => chosen(facts)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});

describe('the parameter of an installation', () => {
  it('may say more than is read', () => {
    const value = JSON.stringify({ ...installation, forwarderArn: 'arn:f', later: 1 });
    expect(readInstallation({ name: 'n', value })).toEqual({ ...installation, forwarderArn: 'arn:f' });
  });

  it.each(['', 'null', '[]', '{}', 'no JSON', JSON.stringify({ ...installation, schema: 'keysweep/installation/v2' })])(
    'is refused if it is not one: %s',
    (value) => {
      expect(() => readInstallation({ name: '/keysweep/installations/Keysweep', value })).toThrow(
        expect.objectContaining({
          code: 'InstallationInvalid',
          message: expect.stringContaining('the parameter /keysweep/installations/Keysweep is not one'),
        }),
      );
    },
  );
});
