import { describe, expect, it } from 'vitest';
import { riskOf, withRisk } from '../../../core/lifecycle/risk.ts';
import { stateOf } from '../../support/lifecycle-builder.ts';

const aws = (name: string, partition = 'aws') => `arn:${partition}:iam::aws:policy/${name}`;
const own = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;

describe('risk by attached policies', () => {
  it.each([
    ['nothing', [], [], false, false],
    ['harmless', [aws('ReadOnlyAccess')], [aws('SecurityAudit')], false, false],
    ['quarantined, first version', [aws('AWSCompromisedKeyQuarantine')], [], true, false],
    ['quarantined, a later version', [aws('AWSCompromisedKeyQuarantineV3')], [], true, false],
    ['quarantined in another partition', [aws('AWSCompromisedKeyQuarantineV2', 'aws-cn')], [], true, false],
    [
      'a quarantine policy of a group: AWS attaches it to users',
      [],
      [aws('AWSCompromisedKeyQuarantineV2')],
      false,
      false,
    ],
    ['a policy of the account that only sounds so', [own('AWSCompromisedKeyQuarantineV2')], [], false, false],
    ['an administrator', [aws('AdministratorAccess')], [], false, true],
    ['an administrator by a group', [], [aws('AdministratorAccess')], false, true],
    ['may change IAM', [aws('IAMFullAccess')], [], false, true],
    ['may do all but that', [], [aws('PowerUserAccess')], false, true],
    ['an administrator of one service', [aws('AdministratorAccess-Amplify')], [], false, false],
    ['with a path', [aws('service-role/AdministratorAccess')], [], false, true],
    ['the account’s own policy', [own('AdministratorAccess')], [], false, false],
    ['both', [aws('AWSCompromisedKeyQuarantineV3')], [aws('PowerUserAccess')], true, true],
  ])('%s', (_, direct, viaGroups, exposed, privileged) => {
    expect(riskOf({ direct, viaGroups })).toEqual({ exposed, privileged });
  });
});

it('stays unknown for a user whom the answer does not mention', () => {
  const state = stateOf({ user: 'alice' });
  expect(withRisk(state, new Map())).toBe(state);
  const policies = new Map([['alice', { direct: [aws('AdministratorAccess')], viaGroups: [] }]]);
  expect(withRisk(state, policies)).toMatchObject({ exposed: false, privileged: true });
});
