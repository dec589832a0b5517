import { describe, expect, it } from 'vitest';
import { passesFilter } from '../../../core/channels/filter.ts';

const attributes = { kind: 'digest', severity: 'high', account: '111122223333', newFindings: 3 };

function verdict(policy: unknown, of = attributes as Readonly<Record<string, string | number | undefined>>) {
  return passesFilter({ policy: JSON.stringify(policy), scope: 'MessageAttributes' }, of);
}

describe('a filter policy', () => {
  it.each([
    [{ kind: ['digest'] }, true],
    [{ kind: ['alert'] }, false],
    [{ kind: ['alert', 'digest'] }, true],
    [{ kind: ['digest'], severity: ['critical'] }, false],
    [{ kind: ['digest'], severity: ['critical', 'high'] }, true],
    [{ kind: [{ prefix: 'dig' }] }, true],
    [{ kind: [{ prefix: 'al' }] }, false],
    [{ kind: [{ suffix: 'gest' }] }, true],
    [{ kind: [{ 'equals-ignore-case': 'DIGEST' }] }, true],
    [{ kind: [{ 'anything-but': ['alert'] }] }, true],
    [{ kind: [{ 'anything-but': 'digest' }] }, false],
    [{ other: [{ 'anything-but': 'digest' }] }, false],
    [{ other: [{ exists: false }] }, true],
    [{ kind: [{ exists: false }] }, false],
    [{ other: ['x'] }, false],
    [{ newFindings: [{ numeric: ['>', 0] }] }, true],
    [{ newFindings: [{ numeric: ['>=', 1, '<', 3] }] }, false],
    [{ newFindings: [3] }, true],
    [{ newFindings: ['3'] }, false],
    [{ severity: [{ numeric: ['=', 1] }] }, false],
  ])('%j lets it through: %s', (policy, expected) => {
    expect(verdict(policy)).toBe(expected);
  });

  it.each([
    [{ kind: [{ wildcard: 'd*' }] }],
    [{ kind: [{ cidr: '10.0.0.0/8' }] }],
    [{ kind: [{ prefix: 3 }] }],
    [{ kind: [{ prefix: 'd', suffix: 't' }] }],
    [{ kind: [{ 'anything-but': { prefix: 'a' } }] }],
    [{ newFindings: [{ numeric: ['>'] }] }],
    [{ newFindings: [{ numeric: ['~', 1] }] }],
    [{ $or: [{ kind: ['digest'] }] }],
    [{ kind: 'digest' }],
    ['digest'],
    [[]],
    [null],
  ])('%j is unknown, and never a pass', (policy) => {
    expect(verdict(policy)).not.toBe(true);
  });

  it('is unknown where an attribute is not known yet, unless another one decides', () => {
    const before = { ...attributes, severity: undefined };
    expect(verdict({ severity: ['high'] }, before)).toBe('unknown');
    expect(verdict({ severity: ['high'], kind: ['alert'] }, before)).toBe(false);
  });

  it('is unknown where it looks at the body, or is no JSON', () => {
    expect(passesFilter({ policy: '{"kind":["digest"]}', scope: 'MessageBody' }, attributes)).toBe('unknown');
    expect(passesFilter({ policy: 'kind = digest', scope: 'MessageAttributes' }, attributes)).toBe('unknown');
  });
});
